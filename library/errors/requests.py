"""リクエスト: asking for what the library has not, and deciding on it."""

from library.errors.refusal import refusal

RequestsPaused = refusal("リクエストの受付を休んでいます。")
RequestLimitReached = refusal("申し込めるリクエストは{n}件までです。")
WorkIsHeld = refusal("この資料は所蔵しています。予約できます。")
AlreadyAsked = refusal("すでにリクエストしています。")
IsbnMalformed = refusal("ISBNとして読めません。裏表紙のバーコードの、978で始まる13桁の数字を入力してください。")
RequestOver = refusal("このリクエストは、すでに終わっています。")
RequestDecided = refusal("購入か借受を決めたため、取り消せません。図書館へお問い合わせください。")
WantedElsewhere = refusal("このリクエストは、いま「{state_word}」です。ほかの職員が先に進めたようです。")
PartnerMissing = refusal("相手館を選んでください。")
