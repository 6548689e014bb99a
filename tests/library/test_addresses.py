import pytest

from library import addresses


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("ａｂｃ＠ｇｍａｉｌ．ｃｏｍ", "abc@gmail.com"),
        ("  abc@gmail.com ", "abc@gmail.com"),
        ("abc @gmail.com", "abc@gmail.com"),
        ("\u3000abc@example.jp\t", "abc@example.jp"),
        ("Taro.Yamada@Example.JP", "Taro.Yamada@Example.JP"),
        ("\u200babc\u200c@\u200dgmail\u2060.com\ufeff", "abc@gmail.com"),
        ("", ""),
    ],
)
def test_full_width_letters_spaces_and_letters_that_nobody_sees_are_folded(typed, folded):
    assert addresses.fold(typed) == folded


@pytest.mark.parametrize(
    "address",
    [
        "abc@gmail.com",
        "a@b.jp",
        "first.last+tag@sub.example.co.jp",
        "o'neil@example.com",
        "a" * 64 + "@example.jp",
        "a..b@docomo.ne.jp",
        "a.@ezweb.ne.jp",
        ".a@au.com",
        "a..b.@DOCOMO.ne.jp",
        "x@xn--eckwd4c7c.xn--zckzah",
    ],
)
def test_addresses_that_mail_can_go_to_are_valid(address):
    assert addresses.is_valid(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "abc",
        "abc@",
        "@example.jp",
        "abc@localhost",
        "abc@example..jp",
        "abc@-example.jp",
        "abc@example.jp.",
        "abc@exam_ple.jp",
        "a b@example.jp",
        "a@b@example.jp",
        "abc@example.jp\n",
        "abc@example.jp\nBcc: x@example.jp",
        "abc@example.jp,x@example.jp",
        "a..b@gmail.com",
        "a.@yahoo.co.jp",
        "山田@example.jp",
        "abc@図書館.jp",
        '"a b"@example.jp',
        "a\x00b@example.jp",
        "abc\u202e@example.jp",
        "a" * 65 + "@example.jp",
        "a@" + ".".join(["b" * 60] * 5) + ".jp",
    ],
)
def test_a_text_that_is_no_address_is_refused(address):
    assert not addresses.is_valid(address)


def test_only_old_carrier_addresses_with_odd_dots_need_quoting():
    assert addresses.needs_quoting("a..b@docomo.ne.jp")
    assert addresses.needs_quoting("a.@ezweb.ne.jp")
    assert not addresses.needs_quoting("a.b@docomo.ne.jp")
    assert addresses.is_old_carrier("x@docomo.ne.jp")
    assert not addresses.is_old_carrier("x@gmail.com")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("abc@gmial.com", "abc@gmail.com"),
        ("abc@gmai.com", "abc@gmail.com"),
        ("abc@gmaill.com", "abc@gmail.com"),
        ("abc@gmail.con", "abc@gmail.com"),
        ("abc@gmail.co", "abc@gmail.com"),
        ("abc@gnail.com", "abc@gmail.com"),
        ("abc@GMIAL.com", "abc@gmail.com"),
        ("abc@yaho.co.jp", "abc@yahoo.co.jp"),
        ("abc@yahooo.co.jp", "abc@yahoo.co.jp"),
        ("abc@yahoo.co.jpp", "abc@yahoo.co.jp"),
        ("abc@docomo.ne.jo", "abc@docomo.ne.jp"),
        ("abc@docmo.ne.jp", "abc@docomo.ne.jp"),
        ("abc@ezwed.ne.jp", "abc@ezweb.ne.jp"),
        ("abc@sotfbank.ne.jp", "abc@softbank.ne.jp"),
        ("abc@iclould.com", "abc@icloud.com"),
        ("abc@hotmai.com", "abc@hotmail.com"),
        ("abc@outlok.jp", "abc@outlook.jp"),
    ],
)
def test_a_slip_in_a_known_domain_is_corrected(typed, meant):
    assert addresses.suggestion(typed) == meant


@pytest.mark.parametrize("domain", [*sorted(addresses.KNOWN), "t.vodafone.ne.jp", "ab.ezweb.ne.jp"])
def test_a_known_domain_is_never_corrected(domain):
    assert addresses.suggestion(f"abc@{domain}") is None


@pytest.mark.parametrize(
    "typed",
    ["abc@example.jp", "abc@city.suzukake.lg.jp", "abc", "", "@gmial.com", "abc@m.com", "abc@he.com", "abc@mail.com"],
)
def test_an_unknown_domain_is_left_alone(typed):
    assert addresses.suggestion(typed) is None
