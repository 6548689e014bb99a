"""リクエスト: works that the library has not, who asks for them, and what it decides."""
