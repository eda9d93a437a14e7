"""A made-up certificate for the tests."""

from documents import layouts
from documents.codes import qr

TEMPLATE = "templates/example.html"
ARABIC = "يشهد الموقع أسفله أن الإمضاء الموضوع على الوثيقة المبينة أدناه قد تم بحضوره"
FRENCH = "Le soussigné certifie que la signature apposée sur le document désigné ci-dessous"
SOURCE = f"""{{% extends "certificate.html" %}}
{{% block title_fr %}}Légalisation de signature{{% endblock %}}
{{% block title_ar %}}تصحيح الإمضاء{{% endblock %}}
{{% block text_fr %}}<p>{FRENCH} a été donnée en sa présence.</p>{{% endblock %}}
{{% block text_ar %}}<p>{ARABIC}.</p>{{% endblock %}}
{{% block rows %}}
<tr><th scope="row" lang="fr">Nom et prénom</th>
<td><bdi>{{{{ data.name }}}}</bdi><br><bdi lang="ar">{{{{ data.name_ar }}}}</bdi></td>
<th lang="ar" dir="rtl">الاسم الكامل</th></tr>
<tr><th scope="row" lang="fr">Nombre d’exemplaires</th><td>{{{{ data.copies }}}}</td>
<th lang="ar" dir="rtl">عدد النسخ</th></tr>
<tr><th scope="row" lang="fr">Droits perçus</th><td><bdi>{{{{ data.fee }}}}</bdi></td>
<th lang="ar" dir="rtl">الرسوم المستخلصة</th></tr>
{{% endblock %}}
"""
URL = "https://verif.example.ma/7K4M9QTX2HPDW3"


def files(source: str = SOURCE, **more: bytes) -> dict[str, bytes]:
    """A procedure's files, closed over the layouts that they use."""
    return layouts.closed({TEMPLATE: source.encode(), **more})


def data(**changes: object) -> dict[str, object]:
    return {
        "certificate": {
            "number": "ANX7/2026/000042",
            "issued_fr": "23 novembre 2026",
            "issued_ar": "23 نونبر 2026",
            "issued_at": "2026-11-23T10:15:00+01:00",
            "code": "7K4M-9QTX-2HPD-W3",
            "verify_url": URL,
        },
        "office": {"name_fr": "Annexe administrative n° 7", "name_ar": "الملحقة الإدارية رقم 7"},
        "city": {"name_fr": "Commune de Casablanca", "name_ar": "جماعة الدار البيضاء"},
        "place": {"name_fr": "Casablanca", "name_ar": "الدار البيضاء"},
        "signer": {
            "name": "Youssef El Amrani",
            "quality_fr": "Officier délégué",
            "quality_ar": "الموظف المفوض",
        },
        "case": {"reference": "LEG-2026-000042"},
        "data": {
            "name": "Fatima-Zahra Bennani",
            "name_ar": "فاطمة الزهراء بناني",
            "copies": 3,
            "fee": "6,00 MAD",
        },
        "qr": qr(URL),
        "specimen": False,
        **changes,
    }


def receipt(*missing: dict[str, str], **changes: object) -> dict[str, object]:
    """The data of a deposit receipt."""
    deposit = {
        "applicant": "Fatima-Zahra Bennani",
        "applicant_ar": "فاطمة الزهراء بناني",
        "procedure_fr": "Autorisation d’occupation du domaine public",
        "procedure_ar": "رخصة احتلال الملك العام",
        "deposited_fr": "23 novembre 2026",
        "deposited_ar": "23 نونبر 2026",
        "received": [
            {"name_fr": "Carte nationale d’identité", "name_ar": "البطاقة الوطنية للتعريف"},
            {"name_fr": "Plan de situation", "name_ar": "تصميم الموقع"},
        ],
        "missing": list(missing),
        "delay_fr": "trente jours",
        "delay_ar": "ثلاثون يوما",
        "until_fr": "23 décembre 2026",
        "until_ar": "23 دجنبر 2026",
        "appeal_fr": "Recours : le gouverneur, dans les trente jours.",
        "appeal_ar": "الطعن أمام العامل داخل أجل ثلاثين يوما",
    }
    return data(receipt=deposit, **changes)
