"""The table of contents of all addresses."""


def register(app):
    from blueprints import catalog, desk
    from blueprints.access import session
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
        loans,
        notices,
        overview,
        profile,
        questions,
        sdi,
        shelves,
    )
    from blueprints.site import (
        discovery,
        ebook_files,
        features,
        front,
        guide,
        mail,
        news,
        opds,
        opening_days,
        pages,
        pictures,
        places,
        reference,
        styleguide,
    )
    from web import links

    app.url_map.converters["row_id"] = links.RowId
    app.register_blueprint(front.bp)
    app.register_blueprint(catalog.bp)
    app.register_blueprint(discovery.bp)
    app.register_blueprint(opening_days.bp, url_prefix="/calendar")
    app.register_blueprint(places.bp, url_prefix="/access")
    app.register_blueprint(guide.bp)
    app.register_blueprint(news.bp)
    app.register_blueprint(pages.bp)
    app.register_blueprint(features.bp)
    app.register_blueprint(pictures.bp)
    app.register_blueprint(reference.bp, url_prefix="/reference")
    app.register_blueprint(session.bp)
    app.register_blueprint(mail.bp, url_prefix="/mail")
    app.register_blueprint(overview.bp, url_prefix="/my")
    app.register_blueprint(loans.bp, url_prefix="/my/loans")
    app.register_blueprint(holds.bp, url_prefix="/my/holds")
    app.register_blueprint(cart.bp, url_prefix="/my/cart")
    app.register_blueprint(shelves.bp)
    app.register_blueprint(card.bp, url_prefix="/my")
    app.register_blueprint(sdi.bp, url_prefix="/my/sdi")
    app.register_blueprint(notices.bp, url_prefix="/my/notices")
    app.register_blueprint(questions.bp, url_prefix="/my/questions")
    app.register_blueprint(due_calendar.bp, url_prefix="/my/calendar")
    app.register_blueprint(ebooks.bp, url_prefix="/my/ebooks")
    app.register_blueprint(ebook_files.bp, url_prefix="/ebooks")
    app.register_blueprint(opds.bp, url_prefix="/opds")
    app.register_blueprint(family.bp, url_prefix="/my/family")
    app.register_blueprint(data.bp, url_prefix="/my/data")
    app.register_blueprint(closing.bp, url_prefix="/my/closing")
    app.register_blueprint(display.bp, url_prefix="/my/display")
    app.register_blueprint(desk.bp, url_prefix="/desk")
    app.register_blueprint(history.bp, url_prefix="/my")
    app.register_blueprint(profile.bp, url_prefix="/my/profile")
    app.register_blueprint(styleguide.bp)
