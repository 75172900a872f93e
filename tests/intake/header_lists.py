"""The ordered header lists of the notes on marketplace files: every one is one format's, and only one's."""

import re


def _names(text: str) -> list[str]:
    return re.split(r",[ \n]", text.strip("\n"))


def _after(names: list[str], name: str, added: list[str]) -> list[str]:
    place = names.index(name) + 1
    return [*names[:place], *added, *names[place:]]


def _renamed(names: list[str], new: dict[str, list[str]]) -> list[str]:
    return [found for name in names for found in new.get(name, [name])]


_TAOBAO_COMMON = _names("""
订单编号, 买家会员名, 买家支付宝账号, 买家应付货款, 买家应付邮费, 买家支付积分, 总金额, 返点积分,
买家实际支付金额, 买家实际支付积分, 订单状态, 买家留言, 收货人姓名, 收货地址 , 运送方式, 联系电话 ,
联系手机, 订单创建时间, 订单付款时间 , 宝贝标题 , 宝贝种类 , 物流单号 , 物流公司, 订单备注, 宝贝总数量,
店铺Id, 店铺名称, 订单关闭原因
""")
_TAOBAO_2016 = _names("""
卖家服务费, 买家服务费, 发票抬头, 是否手机订单, 分阶段订单信息, 特权订金订单id, 定金排名, 修改后的sku,
修改后的收货地址, 异常信息, 天猫卡券抵扣, 集分宝抵扣, 是否是O2O交易
""")
_TAOBAO_2018 = _names("""
新零售交易类型, 新零售导购门店名称, 新零售导购门店id, 新零售发货门店名称, 新零售发货门店id, 退款金额,
预约门店, 确认收货时间, 打款商家金额, 含应开票给个人的个人红包
""")
_TAOBAO_2019 = _names("""
是否信用购, 体验期结束时间, 前N有礼, 配送类型, 直播返现状态, 返现金额, 新零售成交门店昵称,
新零售成交门店id, 新零售成交经销商id, 主订单编号
""")
_JD_2015 = _names("""
订单号, 商品ID, 商品名称, 订购数量, 支付方式, 下单时间, 京东价, 订单金额, 结算金额, 余额支付, 应付金额,
订单状态, 订单类型, 下单帐号, 客户姓名, 客户地址, 联系电话, 订单备注, 发票类型, 发票抬头, 发票内容,
商家备注, 商家备注等级（等级1-5为由高到低）, 运费金额, 付款确认时间, 增值税发票, 货号, 订单完成时间,
订单来源, 订单渠道
""")
_TAOBAO_ITEMS_2023 = _names("""
子订单编号, 主订单编号, 商品标题, 商品价格, 购买数量, 外部系统编号, 商品属性, 套餐信息, 联系方式备注,
订单状态, 商家编码, 支付单号, 买家应付货款, 买家实付金额, 退款状态, 退款金额, 订单创建时间,
订单付款时间, 淘鲜达渠道, 商品ID, 分阶段信息, 备注标签, 商家备注, 主订单买家留言, 是否主动赔付,
主动赔付金额, 主动赔付出账时间
""")
_TAOBAO_REFUNDS_2017 = _names("""
订单编号, 退款编号, 支付宝交易号, 订单付款时间, 商家编码(商品编码), 退款完结时间, 买家会员名称,
买家实际支付金额, 宝贝标题, 买家退款金额, 手工退款/系统退款, 是否需要退货, 退款的申请时间, 超时时间,
退款状态, 货物状态, 退货物流信息, 发货物流信息, 客服介入状态, 卖家真实姓名, 卖家退货地址, 卖家邮编,
卖家电话, 卖家手机, 退货物流单号, 退货物流公司, 买家退款原因, 买家退款说明, 买家退货时间, 责任方,
售中或售后, 商家备注, 完结时间, 部分退款/全部退款, 审核操作人, 举证超时, 是否零秒响应, 退款操作人
""")
_TAOBAO_REFUNDS_2024 = _names("""
订单编号, 退款编号, 支付单号, 订单付款时间, 商品id, 商品编码, 退款完结时间, 买家实际支付金额, 宝贝标题,
买家退款金额, 手工退款/系统退款, 售后类型, 退款的申请时间, 超时时间, 退款状态, 货物状态, 退货物流信息,
发货物流信息, 客服介入状态, 卖家真实姓名, 卖家真实姓名(新), 卖家退货地址, 卖家邮编, 卖家电话, 卖家手机,
退货物流单号, 退货物流公司, 买家退款原因, 买家退款说明, 买家退货时间, 责任方, 售中或售后, 备注标签,
商家备注, 完结时间, 部分退款/全部退款, 审核操作人, 审核操作人新会员名, 举证超时, 是否零秒响应,
退款操作人, 退款操作人新会员名, 退款原因标签, 业务类型, 是否帮他退款, 帮他退款操作账号, 小额收款,
淘特订单, 百亿补贴超链退款信息, 智能退款策略, 执行方案
""")
_AMAZON_2017 = _names("""
amazon-order-id, merchant-order-id, purchase-date, last-updated-date, order-status, fulfillment-channel,
sales-channel, order-channel, url, ship-service-level, product-name, sku, asin, item-status, quantity,
currency, item-price, item-tax, shipping-price, shipping-tax, gift-wrap-price, gift-wrap-tax,
item-promotion-discount, ship-promotion-discount, ship-city, ship-state, ship-postal-code, ship-country,
promotion-ids
""")
_SHOPIFY = _names("""
Name, Email, Financial Status, Paid at, Fulfillment Status, Fulfilled at, Accepts Marketing, Currency,
Subtotal, Shipping, Taxes, Total, Discount Code, Discount Amount, Shipping Method, Created at,
Lineitem quantity, Lineitem name, Lineitem price, Lineitem compare at price, Lineitem sku,
Lineitem requires shipping, Lineitem taxable, Lineitem fulfillment status, Billing Name, Billing Street,
Billing Address1, Billing Address2, Billing Company, Billing City, Billing Zip, Billing Province,
Billing Country, Billing Phone, Shipping Name, Shipping Street, Shipping Address1, Shipping Address2,
Shipping Company, Shipping City, Shipping Zip, Shipping Province, Shipping Country, Shipping Phone,
Notes, Note Attributes, Cancelled at, Payment Method, Payment Reference, Refunded Amount, Vendor,
Outstanding Balance, Employee, Location, Device ID, Id, Tags, Risk Level, Source, Lineitem discount,
Tax 1 Name, Tax 1 Value, Tax 2 Name, Tax 2 Value, Tax 3 Name, Tax 3 Value, Tax 4 Name, Tax 4 Value,
Tax 5 Name, Tax 5 Value, Phone, Receipt Number, Duties, Billing Province Name, Shipping Province Name,
Payment ID, Payment Terms Name, Next Payment Due At, Payment References
""")
_TAOBAO_O2 = _after(
    [*_TAOBAO_COMMON, *_TAOBAO_2016], "特权订金订单id", ["是否上传合同照片", "是否上传小票", "是否代付"]
)
_TAOBAO_O4 = [*_TAOBAO_O2, *_TAOBAO_2018]
_TAOBAO_O5 = [
    *_after(
        _after(_TAOBAO_O4, "买家支付宝账号", ["支付单号", "支付详情"]), "是否是O2O交易", ["满返红包金额"]
    ),
    *_TAOBAO_2019,
]
_O5_TO_O6 = {
    "买家支付宝账号": ["买家会员昵称"],
    "满返红包金额": [],
    "联系手机": ["联系手机", "虚拟号过期时间"],
    "返现金额": ["返现金额", "延迟发货自动赔付金额"],
    "主订单编号": ["预售订单", "发货时间", "商家备忘", "主订单编号"],
}
_R3_TO_R4 = {
    "退款的申请时间": ["退款申请时间"],
    "买家退款金额": ["退款总额", "退给买家金额", "退给平台金额"],
    "部分退款/全部退款": ["部分退款/全额退款"],
}
_J2 = [*_JD_2015, *_names("送装服务, 服务费, 仓库id, 仓库名称, 普通发票纳税编号")]
_J2B = _after(
    [*_J2, *_names("是否为品牌商订单, 是否为toplife订单, 商家SKUID, 邮政编码, 邮箱地址")],
    "发票内容",
    _names("纳税人识别号, 名称（个人）, 单位地址, 单位电话, 开户银行, 银行账号"),
)

CHINESE: dict[str, tuple[str, list[str]]] = {
    "taobao O1": ("taobao.orders", [*_TAOBAO_COMMON, *_TAOBAO_2016]),
    "taobao O1 of 2015": (
        "taobao.orders",
        [name for name in (*_TAOBAO_COMMON, *_TAOBAO_2016) if name != "特权订金订单id"],
    ),
    "taobao O2": ("taobao.orders", _TAOBAO_O2),
    "taobao O3": ("taobao.orders", [*_TAOBAO_O2, "退款金额", "预约门店"]),
    "taobao O4": ("taobao.orders", _TAOBAO_O4),
    "taobao O5": ("taobao.orders", _TAOBAO_O5),
    "taobao O6": ("taobao.orders", _renamed(_TAOBAO_O5, _O5_TO_O6)),
    "taobao R1": ("taobao.refund", _TAOBAO_REFUNDS_2017),
    "taobao R2": ("taobao.refund", [*_TAOBAO_REFUNDS_2017, "卖家真实姓名（新）"]),
    "taobao R3": ("taobao.refund", _TAOBAO_REFUNDS_2024),
    "taobao R4": ("taobao.refund", _renamed(_TAOBAO_REFUNDS_2024, _R3_TO_R4)),
    "taobao D3": ("taobao.items", _TAOBAO_ITEMS_2023),
    "jd J1": ("jd.orders", _JD_2015),
    "jd J2": ("jd.orders", _J2),
    "jd J2b": ("jd.orders", _J2B),
    "taobao O7": (
        "taobao.orders",
        _names("""
订单编号, 支付单号, 支付详情, 买家应付货款, 买家应付邮费, 总金额, 总金额(旧版), 买家实付金额, 订单状态,
订单创建时间, 订单付款时间, 商品标题, 商品属性SKU, 商家编码, 宝贝总数量, 退款金额, 店铺名称, 店铺ID,
发货时间, 确认收货时间, 确认收货打款金额, 物流单号, 物流公司, 商家备注, 是否主动赔付, 主动赔付金额,
主动赔付出账时间, C2B小额收款, 含应开票给个人红包
"""),
    ),
    "taobao D1": (
        "taobao.items_old",
        _names("""
订单编号, 标题, 价格, 购买数量, 外部系统编号, 商品属性, 套餐信息, 备注, 订单状态, 商家编码
"""),
    ),
    "taobao D2": (
        "taobao.items",
        _names("""
子订单编号, 主订单编号, 标题, 价格, 购买数量, 外部系统编号, 商品属性, 套餐信息, 备注, 订单状态,
商家编码, 支付单号, 买家应付货款, 买家实际支付金额, 退款状态, 退款金额, 订单创建时间, 订单付款时间
"""),
    ),
    "taobao D4": (
        "taobao.items",
        [
            *_TAOBAO_ITEMS_2023,
            *_names("""
发货时间, 应发货时间, 物流单号, 物流公司, 飞猪购订单信息, 免单资格, 免单金额, 百亿补贴超链订单信息,
超链半托管订单信息
"""),
        ],
    ),
    "jd J3": (
        "jd.orders_current",
        _names("""
店铺ID, 店铺名称, 订单号, 商品名称, 订购数量, 下单时间, 应付金额, 下单帐号, 客户姓名, 客户地址, 联系电话
"""),
    ),
    "jd S1": (
        "jd.aftersales",
        _names("""
服务单号, 订单号, 商品编号, 商品名称, 商品金额, 服务单状态, 售后服务单申请时间, 商家首次审核时间,
商家首次处理时间, 售后服务单整体时长, 审核结果, 处理结果描述, 客户预期处理方式, 返回方式, 客户问题描述,
最新审核时间, 审核意见, 审核人姓名, 取件时间, 取件状态, 发货时间, 运单号, 运费金额, 快递公司,
商家收货时间, 收货登记原因, 收货人, 处理人, 退款金额, 换新订单, 换新商品编号, 是否闪退订单
"""),
    ),
    "jd S2": (
        "jd.aftersales",
        _names("""
服务单号, 客户期望, 服务单状态, 一级申请原因, 二级申请原因, 客户问题描述, 返回方式, 售后申请时间, 省,
市, 订单号, 订单类型, 出库状态, 申请时订单状态, 下单账号, 商品编号, 商品名称, 商品金额, 商品数量,
审核结果, 审核时间, 审核意见, 审核人姓名, 取件时间, 运单号, 运费金额, 快递公司, 商家收货时间, 处理结果,
处理人, 退款金额, 自动审核类型, 商家首次审核时间, 商家首次处理时间, 售后整体时长(H), 是否闪退订单
"""),
    ),
    "jd settlement": (
        "jd.settlement",
        _names("""
订单编号, 父单号, 订单状态, 订单下单时间, 订单完成时间, 售后服务单号, 售后退款时间, 商品编号, 商品名称,
商品数量, 扣点类型, 佣金比例, 费用名称, 应结金额, 币种, 收支方向, 结算状态, 预计结算时间, 账单生成时间,
到账时间, 商户订单号, 资金动账备注
"""),
    ),
    "jd compensation": (
        "jd.compensation",
        _names("""
申请时间, 赔付单号, 关联订单号, 关联服务单号, 赔付金额, 赔付原因, 赔付状态, 申请人
"""),
    ),
    "jd analytics of orders": (
        "jd.analytics_orders",
        _names("""
时间, 订单号, SKU, 商品名称, 优惠前金额, 成交订单商品件数, 优惠金额, 订单金额, 运费, 服务费, 下单时间,
付款时间, 付款方式
"""),
    ),
    "jd analytics of cancellations": (
        "jd.analytics_cancelled",
        _names("""
时间, 订单号, SKU, 商品名称, 优惠前金额, 取消订单商品件数, 取消订单金额
"""),
    ),
    "jd analytics of refunds": (
        "jd.analytics_refunds",
        _names("""
时间, 服务单ID, 订单号, SKU, 商品名称, 售后退款件数, 售后退款金额, 付款时间
"""),
    ),
    "pdd P1": (
        "pdd.orders",
        _names("""
商品, 订单号, 订单状态, 商品总价(元), 邮费(元), 店铺优惠折扣(元), 平台优惠折扣(元),
多多支付立减金额(元), 用户实付金额(元), 商家实收金额(元), 商品数量(件), 发货时间, 确认收货时间, 商品id,
商品规格, 样式ID, 商家编码-规格维度, 商家编码-商品维度, 商家备注, 售后状态, 快递单号, 快递公司,
订单成交时间, 是否分期, 分期期数, 手续费承担方, 分期方式
"""),
    ),
    "pdd P2": (
        "pdd.orders",
        _names("""
商品, 订单号, 订单状态, 商品数量(件), 是否审核中, 支付时间, 承诺发货时间, 承诺送达时间, 发货时间,
确认收货时间, 商品id, 商品规格, 样式ID, 商品一级类目, 商品二级类目, 商品三级类目, 商品四级类目,
商家编码-规格维度, 商家编码-商品维度, 商家备注, 买家留言, 售后状态, 消费者资料, 订单成交时间,
消费者资料上传时间, 赠品名称, 赠品id, 赠品规格, 赠品数量, 团ID, 团身份, 是否已开始配送,
配送员是否已送达, 配送状态, 同城是否普通快递, 商品总价(元), 邮费(元), 店铺优惠折扣(元),
平台优惠折扣(元), 多多支付立减金额(元), 上门安装费(元), 送货入户费(元), 送货入户并安装费(元),
用户实付金额(元), 商家实收金额(元), 快递单号, 快递公司, 省, 市, 区, 街道/镇, 配送员手机号,
是否抽奖或0元试用, 是否顺丰加价, 用户购买手机号, 旅行类信息, 充值号码, 是否门店自提, 门店名称,
门店自定义编码, 关联货品编码, 货品名称, 货品类型, 子货品, 仓库名称, 仓库所在地址, 海淘清关订单号,
支付ID, 支付方式, 保税仓, 是否直播间成交, 是否直播间引导成交, 预约配送时间, 是否节能补贴, 是否分期,
分期期数, 手续费承担方, 是否无痕发货, 订单来源, 是否社区团购, 小区送达情况, 分期方式
"""),
    ),
    "pdd small payments": (
        "pdd.small_payments",
        _names("""
订单号, 商品ID, 商品名称, 扣款原因, 申请人, 申请时间, 申请扣款金额, 打款状态
"""),
    ),
    "douyin Y1": (
        "douyin.orders",
        _names("""
主订单编号, 子订单编号, 选购商品, 商品规格, 商品数量, 商品ID, 商家编码, 商品单价, 订单应付金额, 运费,
优惠总金额, 平台优惠, 商家优惠, 达人优惠, 商家改价, 支付优惠, 红包抵扣, 支付方式, 手续费, 收件人,
收件人手机号, 省, 市, 区, 街道, 详细地址, 是否修改过地址, 地址修改时段, 买家留言, 订单提交时间,
旗帜颜色, 商家备注, 订单完成时间, 支付完成时间, APP渠道, 流量来源, 订单状态, 承诺发货时间, 订单类型,
鲁班落地页ID, 达人ID, 达人昵称, 所属门店ID, 售后状态, 取消原因, 预约发货时间, 仓库ID, 仓库名称, 序列号,
是否安心购, 广告渠道, 流量类型, 流量体裁, 流量渠道, 发货主体, 发货主体明细, 发货时间, 降价类优惠,
平台实际承担优惠金额, 商家实际承担优惠金额, 达人实际承担优惠金额, 预计送达时间, 是否平台仓自流转, 车型,
商品69码, 发货SN码, 发货IMEI码1, 发货IMEI码2, 预约送达时间, 建议发货时间（起）, 建议发货时间（止）,
物流SN码, 物流IMEI码1, 物流IMEI码2
"""),
    ),
    "douyin Y2": (
        "douyin.orders",
        _names("""
主订单编号, 子订单编号, 支付方式, 选购商品, 货号, 商品ID, 商家编码, 商品数量, 商品金额, 订单提交时间,
支付完成时间, 订单完成时间, 承诺发货时间, 预约发货时间, 买家留言, 旗帜颜色, 商家备注, APP渠道, 订单状态,
取消原因, 售后状态, 订单类型, 发货时间, 车型, 是否是以旧换新, 换新额外补贴, 换新额外补贴发放状态,
订单应付金额, 运费, 优惠总金额, 平台优惠, 商家优惠, 达人优惠, 商家改价, 支付优惠, 手续费, 红包抵扣,
降价类优惠, 平台实际承担优惠金额, 商家实际承担优惠金额, 达人实际承担优惠金额, 收件人, 收件人手机号, 省,
市, 区, 街道, 详细地址, 是否修改过地址, 快递信息, 序列号, 达人ID, 达人昵称
"""),
    ),
    "douyin after-sales": (
        "douyin.aftersales",
        _names("""
售后单号, 订单号, 商品单号, 商品名称, 商品ID, 应付金额（元）, 商品运费（元）, 支付优惠（元）,
商品税费（元）, 商品发货状态, 售后类型, 退商品金额（元）, 退运费金额（元）, 退支付优惠（元）,
退税费金额（元）, 售后状态, 售后申请时间, 退款方式, 是否已上传退款凭证, 售后原因, 售后原因标签,
退货物流单号, 退货异常, 退货发货时间, 退货物流公司, 自动处理截止时间, 同意售后申请时间, 商家退款时间,
用户到账时间, 售后关闭时间, 商家退货地址, 商家退货联系人姓名, 商家退货联系人电话, 仲裁状态, 纠纷责任方,
是否极速退款, 是否拒签后退款, 发货物流单号, 发货物流状态, 换货物流单号, 退货物流状态, 售后完结时间,
订单备注, 用户售后说明, 售后备注, 操作人, 协商记录, 换货商品信息, 商家编码, 门店名称
"""),
    ),
    "kuaishou": (
        "kuaishou.orders",
        _names("""
订单号, 赠品订单号, 活动订单编号, 订单创建时间, 订单支付时间, 预售定金支付时间, 订单状态, 实付款,
快递费, 店铺优惠, 平台补贴, 主播补贴, 混资活动优惠, 支付优惠, 支付方式, 成交数量, 买家留言, 账号类型,
账号明细, 订单备注, 旗帜颜色, 售后状态, 活动订单, 预售/承诺发货时间, 订单载体, 商品名称, 商品ID,
商品规格, SKU编码, 商品单价, 渠道, CPS达人ID, CPS达人昵称, 预估推广佣金, 预估推广者分佣比例, 团长ID,
团长昵称, 快赚客ID, 快赚客昵称, 授权推广者ID, 授权推广者昵称, 收货人姓名, 收货人电话, 收货地址-省,
收货地址-市, 收货地址-区, 收货地址-街道, 收货地址, 发货时间, 快递公司, 快递单号, 物流信息, 集运类型,
直邮类型, 仓库名称, 仓库地址, 实名姓名, 服务门店ID, 服务门店名称, 服务门店地址, 国补/类国补/消费券
"""),
    ),
    "xhs orders": (
        "xhs.orders",
        _names("""
订单号, 订单状态, 售后状态, 订单类型, 订单标记, 收件人姓名, 收件人电话, 收件人地址, 省, 市, 区,
区域编码, 小红书编码, 条形码, 规格ID, 达人ID, 达人名称, SKU名称, SKU规格, SKU件数, 是否为赠品,
发票/Invoice, 商品总价(元), 用户应付金额(元), 平台优惠(元), 店铺优惠(元), 支付渠道优惠(元),
SKU商家改价(元), 商家应收金额(元)（支付金额）, 支付方式, 支付渠道订单号, 支付期数, 利息费用,
手续费承担方, 支付时间, sku净重(kg), 包裹总净重(kg), 包裹总运费(元), 快递公司, 快递单号, 发货链接,
大头笔/Paint Marker, 集包地/Express Extend 1, 三段码/Express Extend 2, 订购人身份证姓名/ID Name,
订购人身份证号/ID Number, 收件人身份证姓名, 收件人身份证号, 订单创建时间, 预售订单开始发货时间,
预售订单截止发货时间, 承诺发货时间, 订单发货时间, 订单完成时间, 发货仓库, 确认收货类型, 是否延迟收货,
用户备注, 包裹备注标记, 包裹备注信息, 异常原因, 店铺名称, 用户编号, 运费模版名称, 物流方案名称,
第三方机构订单号, 国补模式, 供应商id, 供应商名称, 商家编码, 商品ID, 商品名称
"""),
    ),
    "xhs after-sales": (
        "xhs.aftersales",
        _names("""
售后单号, 订单号, 商品名称, 售后类型, 申请售后金额(元), 原因, 退货创建时间, 商家确认收货时间
"""),
    ),
    "wechat shop": (
        "wechat_shop.orders",
        _names("""
订单号, 订单下单时间, 订单发货时间, 订单确认收货时间, 订单完成结算时间, 订单状态, 发货方式, 收件人姓名,
收件人地址, 省, 市, 区, 收件人手机, 买家备注, 商家备注, 打标颜色, 商品总价, 订单实际支付金额,
订单实际收款金额, 订单运费, 商品优惠, 跨店优惠, 商品改价, 积分抵扣, 支付方式, 支付时间, 交易单号,
物流公司, 快递单号, 技术服务费, 技术服务费（将以人气卡形式返还）, 运费险预计投保费用, 带货方式,
带货账号类型, 带货账号昵称, 带货费用渠道, 带货费用类型, 带货费用, 带货佣金率, 礼物单号, 商品名称,
商品编码(平台), 商品编码(自定义), SKU编码(自定义), 商品属性, 商品价格(单件), 商品实际价格(单件),
商品实际价格(总共), 是否预售, 商品数量, 商品平台券优惠, 商品平均运费, 定制信息, 定制预览图, 商品发货,
商品售后, 商品已退款金额
"""),
    ),
    "youzan": (
        "youzan.orders",
        _names("""
订单号, 外部订单号, 订单商品状态, 交易成功时间, 商品名称, 商品类型, 商品类目(目录), 商品规格, 规格编码,
商品编码, 商品单价, 商品成本价, 商品优惠方式, 商品优惠后价格, 商品数量, 商品金额小计, 店铺优惠（分摊）,
商品实际成交金额, 商品抵用积分数, 商品留言, 收货人/提货人, 收货人手机号/提货人手机号, 收货人省份,
收货人城市, 收货人地区, 详细收货地址/提货地址, 买家备注, 商品发货状态, 商品发货方式, 商品发货物流公司,
商品发货物流单号, 发货员工, 商品发货时间, 商品退款状态, 商品已退款金额, 商家订单备注,
周期购信息|入住时间
"""),
    ),
    "1688": (
        "alibaba1688.orders",
        _names("""
订单编号, 买家公司名, 买家会员名, 卖家公司名, 卖家会员名, 货品总价(元), 运费(元), 涨价或折扣(元),
实付款(元), 订单状态, 订单创建时间, 订单付款时间, 发货方, 收货人姓名, 收货地址, 邮编, 联系电话,
联系手机, 货品标题, 单价(元), 数量, 单位, 货号, 型号, Offer ID, SKU ID, 物料编号, 单品货号, 货品种类,
买家留言, 物流公司, 运单号
"""),
    ),
    "aliexpress": (
        "aliexpress.orders",
        _names("""
订单号, 订单状态, 负责人(业务员), 买家名称, 下单时间, 付款时间, 产品总金额, 物流费用, 订单金额, 满立减,
产品信息\n（双击单元格展开所有产品信息！）, 订单备注, 收货地址, 收货人名称, 收货国家, 州/省, 城市, 地址,
邮编, 联系电话, 手机, 买家选择物流, 发货期限, 实际发货物流:运单号, 发货时间, 确认收货时间
"""),
    ),
}
"""List → code of its format, and the headers as they stand in the file."""

INTERNATIONAL: dict[str, tuple[str, list[str]]] = {
    "shopify 79": ("shopify.orders", _SHOPIFY),
    "shopify 78": ("shopify.orders", [name for name in _SHOPIFY if name != "Payment References"]),
    "shopify 75": (
        "shopify.orders",
        [
            name
            for name in _SHOPIFY
            if name not in {"Outstanding Balance", "Employee", "Location", "Device ID"}
        ],
    ),
    "shopify 73": (
        "shopify.orders",
        [
            name
            for name in _SHOPIFY
            if name
            not in {
                "Outstanding Balance",
                "Employee",
                "Location",
                "Device ID",
                "Payment ID",
                "Payment References",
            }
        ],
    ),
    "amazon all orders 2017": ("amazon.all_orders", _AMAZON_2017),
    "amazon all orders 2017 business": (
        "amazon.all_orders",
        [*_AMAZON_2017, "is-business-order", "purchase-order-number", "price-designation"],
    ),
    "amazon all orders 2026": (
        "amazon.all_orders",
        [*(name for name in _AMAZON_2017 if name != "url"), "cpf", "signature-confirmation-recommended"],
    ),
    "shopee indonesian": (
        "shopee.orders_id",
        _names(
            "No. Pesanan, Status Pesanan, Alasan Pembatalan, Status Pembatalan/ Pengembalian, No. Resi, Opsi Pengiriman"
        ),
    ),
    "woocommerce": (
        "woo.advanced_export",
        _names("""
Order Number, Order Status, Order Date, Customer Note, First Name (Billing), Last Name (Billing),
Company (Billing), Address 1&2 (Billing), City (Billing), State Code (Billing), Postcode (Billing),
Country Code (Billing), Email (Billing), Phone (Billing), First Name (Shipping), Last Name (Shipping),
Address 1&2 (Shipping), City (Shipping), State Code (Shipping), Postcode (Shipping),
Country Code (Shipping), Item #, SKU, Name, Product Variation, Quantity, Quantity (- Refund), Item Cost,
Order Line (w/o tax), Order Line Tax, Order Line Total, Order Line Total Refunded,
Order Line Total (- Refund), Image URL, Coupon Code, Discount Amount, Discount Amount Tax,
Payment Method Title, Coupons Used, Cart Discount Amount, Order Subtotal Amount, Order Tax Amount,
Order Shipping Amount, Order Refund Amount, Order Total Amount, Order Total Tax Amount, Total items,
Total products
"""),
    ),
    "amazon fba returns": (
        "amazon.fba_returns",
        _names("""
return-date, order-id, sku, asin, fnsku, product-name, quantity, fulfillment-center-id,
detailed-disposition, reason, status, license-plate-number, customer-comments
"""),
    ),
    "amazon fbm returns": (
        "amazon.fbm_returns",
        _names("""
Order ID, Order date, Return request date, Return request status, Amazon RMA ID, Merchant RMA ID,
Label type, Label cost, Currency code, Return carrier, Tracking ID, Label to be paid by, A-to-Z Claim,
Is prime, ASIN, Merchant SKU, Item Name, Return quantity, Return Reason, In policy, Return type,
Resolution, Invoice number, Return delivery date, Order Amount, Order quantity, SafeT Action reason,
SafeT claim id, SafeT claim state, SafeT claim creation time, SafeT claim reimbursement amount,
Refunded Amount, Order Item ID
"""),
    ),
    "ebay new": (
        "ebay.orders",
        _names("""
Sales Record Number, Order Number, Buyer Username, Buyer Name, Buyer Email, Buyer Note, Buyer Address 1,
Buyer Address 2, Buyer City, Buyer State, Buyer Zip, Buyer Country, Buyer Tax Identifier Name,
Buyer Tax Identifier Value, Ship To Name, Ship To Phone, Ship To Address 1, Ship To Address 2,
Ship To City, Ship To State, Ship To Zip, Ship To Country, Item Number, Item Title, Custom Label,
Sold Via Promoted Listings, Quantity, Sold For, Shipping And Handling, Item Location, Item Zip Code,
Item Country, eBay Collect And Remit Tax Rate, eBay Collect And Remit Tax Type, eBay Reference Name,
eBay Reference Value, Tax Status, Seller Collected Tax, eBay Collected Tax,
Electronic Waste Recycling Fee, eBay Collected Charges, Total Price,
eBay Collected Tax and Fees Included in Total, Payment Method, Sale Date, Paid On Date, Ship By Date,
Minimum Estimated Delivery Date, Maximum Estimated Delivery Date, Shipped On Date, Feedback Left,
Feedback Received, My Item Note, PayPal Transaction ID, Shipping Service, Tracking Number,
Transaction ID, Variation Details, Global Shipping Program
"""),
    ),
    "ebay old": (
        "ebay.orders_old",
        _names("""
Sales Record Number, User Id, Buyer Fullname, Buyer Phone Number, Buyer Email, Buyer Address 1,
Buyer Address 2, Buyer City, Buyer State, Buyer Zip, Buyer Country, Item Number, Item Title,
Custom Label, Quantity, Sale Price, Shipping and Handling, US Tax, Insurance, Cash on delivery fee,
Total Price, Payment Method, Sale Date, Checkout Date, Paid on Date, Shipped on Date, Feedback left,
Feedback received, Notes to yourself, PayPal Transaction ID, Shipping Service, Cash on delivery option,
Transaction ID, Order ID, Variation Details
"""),
    ),
    "etsy items": (
        "etsy.items",
        _names("""
Sale Date, Item Name, Buyer, Quantity, Price, Coupon Code, Coupon Details, Discount Amount,
Shipping Discount, Order Shipping, Order Sales Tax, Item Total, Currency, Transaction ID, Listing ID,
Date Paid, Date Shipped, Ship Name, Ship Address1, Ship Address2, Ship City, Ship State, Ship Zipcode,
Ship Country, Order ID, Variations, Order Type, Listings Type, Payment Type, InPerson Discount,
InPerson Location, VAT Paid by Buyer, SKU
"""),
    ),
    "etsy orders": (
        "etsy.orders",
        _names("""
Sale Date, Order ID, Buyer User ID, Buyer, Full Name, First Name, Last Name, Number of Items,
Payment Method, Date Shipped, Street 1, Street 2, Ship City, Ship State, Ship Zipcode, Ship Country,
Currency, Order Value, Coupon Code, Coupon Details, Discount Amount, Shipping Discount, Shipping,
Sales Tax, Order Total, Status, Card Processing Fees, Order Net, Adjusted Order Total,
Adjusted Card Processing Fees, Adjusted Net Order Amount, Buyer, Order Type, Payment Type,
InPerson Discount, InPerson Location, SKU
"""),
    ),
    "tiktok": (
        "tiktok.orders",
        _names("""
Order ID, Order Status, Order Substatus, Cancelation/Return Type, Normal or Pre-order, SKU ID,
Seller SKU, Product Name, Variation, Quantity, Sku Quantity of return, SKU Unit Original Price,
SKU Subtotal Before Discount, SKU Platform Discount, SKU Seller Discount, SKU Subtotal After Discount,
Shipping Fee After Discount, Original Shipping Fee, Shipping Fee Seller Discount,
Shipping Fee Platform Discount, Payment platform discount, Taxes, Order Amount, Order Refund Amount,
Created Time, Paid Time, RTS Time, Shipped Time, Delivered Time, Cancelled Time, Cancel By,
Cancel Reason, Fulfillment Type, Warehouse Name, Tracking ID, Delivery Option, Shipping Provider Name,
Buyer Message, Buyer Username, Recipient, Phone #, Country, Province, District, Payment Method,
Weight(kg), Product Category, Package ID, Seller Note, Checked Status, Checked Marked by
"""),
    ),
    "shopee english": (
        "shopee.orders",
        _names("""
Order ID, Order Status, Cancel reason, Return / Refund Status, Tracking Number*, Shipping Option,
Shipment Method, Estimated Ship Out Date, Ship Time, Order Creation Date, Order Paid Time,
Parent SKU Reference No., Product Name, SKU Reference No., Variation Name, Original Price, Deal Price,
Quantity, Returned quantity, Product Subtotal, Seller Rebate, Seller Discount, Shopee Rebate,
SKU Total Weight, No of product in order, Order Total Weight, Voucher Code, Seller Voucher,
Seller Absorbed Coin Cashback, Shopee Voucher, Bundle Deal Indicator, Shopee Bundle Discount,
Seller Bundle Discount, Shopee Coins Offset, Credit Card Discount Total, Total Amount,
Buyer Paid Shipping Fee, Shipping Rebate Estimate, Reverse Shipping Fee, Transaction Fee(Incl. GST),
Commission Fee (Incl. GST), Service Fee (incl. GST), Grand Total, Estimated Shipping Fee,
Username (Buyer), Receiver Name, Phone Number, Delivery Address, Town, District, City, Province,
Country, Zip Code, Remark from buyer, Order Complete Time, Note
"""),
    ),
    "shopee returns": (
        "shopee.returns",
        _names("""
Return ID, Order ID, Order Creation Date, Product Name, SKU, Return Quantity, Return Reason,
Return Creation Time, Return Tracking Number, Return / Refund Status
"""),
    ),
    "lazada": (
        "lazada.orders",
        _names("""
orderItemId, orderType, Guarantee, deliveryType, lazadaId, sellerSku, lazadaSku, wareHouse, createTime,
updateTime, rtaSla, ttsSla, orderNumber, invoiceRequired, invoiceNumber, deliveredDate, customerName,
customerEmail, nationalRegistrationNumber, shippingName, shippingAddress, shippingAddress2,
shippingAddress3, shippingAddress4, shippingAddress5, shippingPhone, shippingPhone2, shippingCity,
shippingPostCode, shippingCountry, shippingRegion, billingName, billingAddr, billingAddr2, billingAddr3,
billingAddr4, billingAddr5, billingPhone, billingPhone2, billingCity, billingPostCode, billingCountry,
taxCode, branchNumber, taxInvoiceRequested, payMethod, paidPrice, unitPrice, sellerDiscountTotal,
shippingFee, walletCredit, itemName, variation, cdShippingProvider, shippingProvider, shipmentTypeName,
shippingProviderType, cdTrackingCode, trackingCode, trackingUrl, shippingProviderFM, trackingCodeFM,
trackingUrlFM, promisedShippingTime, premium, status, buyerFailedDeliveryReturnInitiator,
buyerFailedDeliveryReason, buyerFailedDeliveryDetail, buyerFailedDeliveryUserName, bundleId,
semiManaged, flexibleDeliveryTime, bundleDiscount, refundAmount, sellerNote
"""),
    ),
    "lazada returns": (
        "lazada.returns",
        _names("""
Order ID, Return Order ID, Order Date, Return Order Date, Seller SKU ID
"""),
    ),
    "amazon fbm returns without items": (
        "amazon.fbm_returns",
        _names("""
Order ID, Order date, Return request date, Return request status, Amazon RMA ID, Merchant RMA ID,
Label type, Label cost, Currency code, Return carrier, Tracking ID, Label to be paid by, A-to-Z Claim,
Is prime, ASIN, Merchant SKU, Item Name, Return quantity, Return Reason, In policy, Return type,
Resolution, Invoice number, Return delivery date, Order Amount, Order quantity, SafeT Action reason,
SafeT claim id, SafeT claim state, SafeT claim creation time, SafeT claim reimbursement amount,
Refunded Amount
"""),
    ),
}
"""The same for the platforms abroad."""
