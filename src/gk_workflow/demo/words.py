"""The made-up texts of simulated lives: offices, matters, reasons; no real person or place occurs."""

from __future__ import annotations

from random import Random

import msgspec

from gk_workflow.core.events import ReplyContent
from gk_workflow.core.terms import ApplicantKind, Outcome

DESK = "综合办公室"
"""The office that receives, registers and serves."""

MATTERS: dict[str, tuple[str, ...]] = {
    "自然资源科": (
        "第{n}号地块土地征收批复及附图",
        "第{n}号地块国有土地使用权出让合同",
        "第{n}批次建设用地报批材料中的勘测定界图",
        "第{n}号宅基地审批结果",
    ),
    "征收安置科": (
        "第{n}号项目房屋征收补偿安置方案",
        "第{n}号项目分户补偿结果公示",
        "第{n}号项目征收补偿资金拨付情况",
        "第{n}号地块青苗及地上附着物补偿标准",
    ),
    "规划建设科": (
        "第{n}号项目建设工程规划许可证",
        "第{n}号小区竣工验收备案材料",
        "第{n}号老旧小区改造工程中标通知书",
        "第{n}号道路工程施工许可材料",
    ),
    "社会事务科": (
        "{year}年度临时救助发放汇总情况",
        "第{n}号社区养老服务设施建设补贴情况",
        "{year}年度殡葬服务收费项目和标准",
    ),
    "财政所": (
        "{year}年度部门决算及三公经费明细",
        "第{n}号专项资金分配结果",
        "{year}年度村级一事一议奖补项目清单",
    ),
    "执法大队": (
        "第{n}号违法建设查处情况",
        "第{n}号行政处罚决定书",
        "第{n}号信访事项调查处理意见所附材料",
    ),
    "农业农村科": (
        "第{n}号高标准农田项目实施方案",
        "{year}年度耕地地力保护补贴发放清册",
        "第{n}号村集体土地承包经营权确权材料",
    ),
    "教育卫生科": (
        "{year}年度义务教育学区划分依据",
        "第{n}号民办培训机构检查情况",
        "{year}年度公共卫生服务项目考核结果",
    ),
}

UNITS = tuple(MATTERS)

APPLICANT_NAMES = {
    ApplicantKind.NATURAL_PERSON: "申请人",
    ApplicantKind.COMMERCIAL: "商业企业",
    ApplicantKind.RESEARCH: "科研机构",
    ApplicantKind.PUBLIC_WELFARE: "公益组织",
    ApplicantKind.LEGAL_SERVICE: "法律服务机构",
    ApplicantKind.OTHER_ORG: "其他组织",
}

SECRECY_OPINIONS = ("经审查, 未发现涉密内容", "已审查, 无涉密信息", "保密审查通过, 注意区分处理")

_LAW = "《中华人民共和国政府信息公开条例》"


class _Words(msgspec.Struct, frozen=True):
    """What a reply of one outcome says."""

    article: str
    reasons: tuple[str, ...]


_REPLIES: dict[Outcome, _Words] = {
    Outcome.GRANTED: _Words("第三十六条第一、二项", ("",)),
    Outcome.PARTIAL: _Words("第三十七条", ("其中部分内容涉及个人隐私或者商业秘密, 作区分处理",)),
    Outcome.DENIED_STATE_SECRET: _Words("第十四条", ("该信息已依法确定为国家秘密",)),
    Outcome.DENIED_LAW_FORBIDDEN: _Words("第十四条", ("法律、行政法规禁止公开该信息",)),
    Outcome.DENIED_THREE_SECURITY_ONE_STABILITY: _Words(
        "第十四条", ("公开后可能危及公共安全和社会稳定",)
    ),
    Outcome.DENIED_THIRD_PARTY: _Words("第十五条", ("公开会对第三方合法权益造成损害",)),
    Outcome.DENIED_INTERNAL_AFFAIRS: _Words("第十六条第一款", ("该信息属于内部工作流程信息",)),
    Outcome.DENIED_PROCESS_INFO: _Words("第十六条第二款", ("该信息为讨论记录、过程稿",)),
    Outcome.DENIED_ENFORCEMENT_FILE: _Words("第十六条第二款", ("该信息属于行政执法案卷信息",)),
    Outcome.DENIED_ADMIN_QUERY: _Words("第三十六条第七项", ("不动产登记资料的查询另有规定",)),
    Outcome.UNABLE_NOT_HELD: _Words(
        "第三十六条第四、五项", ("经检索, 未制作或者获取该信息", "该信息不属于本机关负责公开")
    ),
    Outcome.UNABLE_NEEDS_CREATION: _Words("第三十八条", ("没有现成信息, 需要加工、分析",)),
    Outcome.UNABLE_STILL_UNCLEAR: _Words("第三十条", ("经补正, 申请内容仍不明确",)),
    Outcome.REFUSED_PETITION: _Words(
        "第三十九条第一款", ("所述事项属于信访诉求", "所述事项属于投诉、举报")
    ),
    Outcome.REFUSED_DUPLICATE: _Words("第三十六条第六项", ("已就相同内容作出答复",)),
    Outcome.REFUSED_PUBLICATION: _Words("第三十九条第二款", ("所申请内容属于公开出版物",)),
    Outcome.REFUSED_EXCESSIVE: _Words("第三十五条", ("申请数量、频次明显超过合理范围",)),
    Outcome.REFUSED_CONFIRM_OR_REISSUE: _Words("第三十六条", ("要求确认或者重新出具已获取的信息",)),
    Outcome.OTHER_OTHER: _Words("第三十六条", ("所述事项已通过其他途径处理完毕",)),
}


def matter(unit: str, year: int, rng: Random) -> str:
    """What is wanted of a unit; an unknown unit is asked what the desk might be."""
    texts = MATTERS.get(unit) or MATTERS["自然资源科"]
    return rng.choice(texts).format(n=rng.randrange(1, 400), year=rng.randrange(year - 4, year + 1))


def reply_content(outcome: Outcome, wanted: str, rng: Random, objected: bool) -> ReplyContent:
    """What the reply says: every field that its outcome needs (条例36 to 39)."""
    words = _REPLIES[outcome]
    return ReplyContent(
        outcome=outcome,
        reasons=rng.choice(words.reasons),
        legal_basis=_LAW + words.article,
        public_interest="不公开可能对公共利益造成重大影响" if objected else "",
        **_particulars(outcome, wanted, rng),
    )


def _particulars(outcome: Outcome, wanted: str, rng: Random) -> dict[str, str]:
    match outcome:
        case Outcome.GRANTED:
            published = rng.random() < 0.35
            way = "已主动公开, 可在本机关网站政府信息公开专栏查询" if published else wanted
            return {"provided": way}
        case Outcome.PARTIAL:
            return {"provided": wanted, "withheld": "第三方姓名、证件号码、报价明细"}
        case Outcome.UNABLE_NOT_HELD if rng.random() < 0.6:
            return {"search_record": f"检索档案室及办公系统, 关键词“{wanted}”, 未检索到"}
        case Outcome.UNABLE_NOT_HELD:
            return {"competent_agency": "上级主管部门, 联系方式见其政府信息公开指南"}
        case Outcome.REFUSED_DUPLICATE:
            return {"earlier_reference": "本机关就相同内容此前作出的答复"}
        case Outcome.REFUSED_PETITION:
            return {"channel_hint": "可依照《信访工作条例》向信访部门提出"}
        case Outcome.REFUSED_PUBLICATION:
            return {"channel_hint": "可到公共图书馆、档案馆查阅"}
        case Outcome.DENIED_ADMIN_QUERY:
            return {"special_rule": "《不动产登记资料查询暂行办法》"}
        case _:
            return {}
