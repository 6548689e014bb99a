"""The one face of all tables: whatever uses one imports it from here."""

from tables.access import (
    CheckNumber,
    DeskLookup,
    Guess,
    KnownDevice,
    KnownNetwork,
    OneTimeLink,
    ParkedForm,
    ResetRequest,
    Session,
    Throttle,
)
from tables.acquisition import Borrowing, Issue, PatronRequest, Serial, SerialCopies, Wanted
from tables.base import Table, database
from tables.branches import Branch, ClosedDay, ClosingRule, Partner
from tables.catalog import (
    Contributor,
    Creator,
    CreatorIdentifier,
    CreatorName,
    DeletedTitle,
    Item,
    Series,
    SourceRecord,
    Subject,
    SubjectLink,
    Title,
    TitleName,
    TitleSeries,
    TitleSubject,
    WorkJoin,
    full_name,
)
from tables.counting import (
    DeskNote,
    MonthFigure,
    RecordedSince,
    Stocktaking,
    StocktakingScan,
    UseFact,
    YearFigure,
)
from tables.ebooks import Ebook, EbookHold, EbookLink, EbookLoan, EbookService, ReadingPosition
from tables.factors import Authenticator, Challenge, Passkey, ProvedBrowser, RecoveryCode
from tables.lending import CartRow, Hold, HoldGroup, ItemSet, Loan, OfflineEntry, OfflineSlip, SaidOut, SetRow
from tables.mail import DunningCall, HoldNotice, LoanNotice, OutboxMail, PushSubscription
from tables.patrons import (
    CalendarLink,
    CardNumber,
    CategoryChange,
    CategoryChanged,
    ClosingRequest,
    Draft,
    FamilyTie,
    FormerAddress,
    MailPreference,
    Patron,
    PatronAddress,
    Staff,
    Undo,
)
from tables.questions import PublishedAnswer, Question
from tables.reading import HistoryEntry, Ranking, RankingOfMonth, SdiCondition, SdiTitle, Shelf, ShelvedTitle
from tables.running import Assignment, Audit, Cutover, CutoverStep, JobRun, PolicyRow, Setting
from tables.site import (
    Article,
    ArticleVersion,
    Cover,
    Feature,
    FeatureBook,
    FeatureVersion,
    Picture,
    PictureFile,
    Translation,
)

ALL = tuple(Table.__subclasses__())
