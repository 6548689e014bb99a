"""The table of contents of all addresses."""

from flask import Flask

from blueprints import catalog, desk, kids
from blueprints.access import passkeys, push, session
from blueprints.exchange import isbn, oai, opds, opds2, sru
from blueprints.my import (
    card,
    cart,
    closing,
    data,
    display,
    due_calendar,
    ebooks,
    family,
    history,
    holds,
    indexes,
    loans,
    notices,
    overview,
    profile,
    questions,
    reader,
    requests,
    sdi,
    seal,
    shelves,
)
from blueprints.site import (
    branches,
    discovery,
    ebook_files,
    features,
    front,
    guide,
    health,
    languages,
    mail,
    news,
    opening_days,
    pages,
    pictures,
    reference,
    styleguide,
)
from web import links

CONTENTS = {
    "": (
        front,
        catalog,
        discovery,
        guide,
        health,
        isbn,
        languages,
        mail,
        news,
        oai,
        pages,
        features,
        pictures,
        session,
        shelves,
        sru,
        styleguide,
    ),
    "/access": (branches,),
    "/calendar": (opening_days,),
    "/desk": (desk,),
    "/ebooks": (ebook_files,),
    "/kids": (kids,),
    "/my": (overview, card, history, indexes),
    "/my/calendar": (due_calendar,),
    "/my/cart": (cart,),
    "/my/closing": (closing,),
    "/my/data": (data,),
    "/my/display": (display,),
    "/my/ebooks": (ebooks, reader),
    "/my/family": (family,),
    "/my/holds": (holds,),
    "/my/loans": (loans,),
    "/my/notices": (notices,),
    "/my/passkeys": (passkeys,),
    "/my/profile": (profile,),
    "/my/push": (push,),
    "/my/questions": (questions,),
    "/my/requests": (requests,),
    "/my/sdi": (sdi,),
    "/my/seal": (seal,),
    "/opds": (opds,),
    "/opds/v2": (opds2,),
    "/reference": (reference,),
}


def register(app: Flask) -> None:
    app.url_map.converters["row_id"] = links.RowId
    app.url_map.converters["barcode"] = links.Barcode
    for prefix, resources in CONTENTS.items():
        for resource in resources:
            app.register_blueprint(resource.bp, url_prefix=prefix or None)
