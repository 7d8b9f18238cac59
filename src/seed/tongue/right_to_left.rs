//! Languages that are written from right to left.

use super::{Order, Tongue};

pub(super) static ARABIC: Tongue = Tongue {
    given: "أمل/amal بدر/badr تالة/tala جميلة/jamila رشا/rasha زياد/ziyad سلمى/salma ليان/layan نجيب/najib ياسمين/yasmin",
    family: "البحري/albahri التاجر/altajir الحداد/alhaddad الخياط/alkhayyat الزهراوي/alzahrawi الساعاتي/alsaati \
             الصياد/alsayyad القصّاب/alqassab النجار/alnajjar الورّاق/alwarraq",
    order: Order::GivenFirst,
    between_names: " ",
    between_sentences: " ",
    phrases: &[
        "صباح الخير!",
        "تمام.",
        "استغرق البناء {n} ثانية اليوم.",
        "هل رأى أحد مفتاح المخزن؟",
        "لنقِس أولاً ثم نقرر.",
        "الغداء جاهز، تعالوا قبل أن يبرد.",
        "قرأت الوثيقة كلها، وهي واضحة جداً.",
        "بقيت {n} صفحات فقط.",
        "شكراً جزيلاً على المساعدة.",
        "نلتقي غداً إن شاء الله.",
    ],
};

pub(super) static HEBREW: Tongue = Tongue {
    given: "אורי/ori אלמוג/almog גאיה/gaia דפנה/dafna הדס/hadas זוהר/zohar יובל/yuval נעמה/naama עומר/omer תמר/tamar",
    family: "אגוז/egoz אלון/alon ברוש/brosh דולב/dolev זית/zayit חרוב/haruv כרמל/karmel לוטם/lotem רימון/rimon \
             שקד/shaked",
    order: Order::GivenFirst,
    between_names: " ",
    between_sentences: " ",
    phrases: &[
        "בוקר טוב!",
        "סבבה.",
        "הבדיקות עברו תוך {n} שניות.",
        "מישהו ראה את הכוס הכחולה שלי?",
        "בוא נמדוד לפני שמתווכחים.",
        "יש חומוס במטבח, תבואו מהר.",
        "קראתי את הכול ואני מסכימה עם רוב הדברים.",
        "נשארו {n} דקות, נספיק.",
        "תודה רבה על העזרה!",
        "להתראות מחר.",
    ],
};
