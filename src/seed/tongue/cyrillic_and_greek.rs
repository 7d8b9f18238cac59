//! Languages in the Cyrillic and the Greek script.

use super::{Order, Tongue};

pub(super) static RUSSIAN: Tongue = Tongue {
    given: "Алёна/alyona Богдан/bogdan Вера/vera Григорий/grigory Ефросинья/yefrosinya Илья/ilya Ксения/ksenia \
            Лев/lev Надежда/nadezhda Фёдор/fyodor",
    family: "Берёза/beryoza Воробей/vorobey Журавель/zhuravel Кузнец/kuznets Лебедь/lebed Мороз/moroz Орёл/oryol \
             Соловей/solovey Черемуха/cheremukha Щегол/shchegol",
    order: Order::GivenFirst,
    between_names: " ",
    between_sentences: " ",
    phrases: &[
        "Доброе утро!",
        "Хорошо.",
        "Сборка заняла {n} секунд, это рекорд.",
        "Кто сегодня поливает цветы?",
        "Съешь же ещё этих мягких французских булок да выпей чаю.",
        "Я проверила: всё работает, но почему — не знаю.",
        "Буду через {n} минут.",
        "Давай сначала измерим, а потом поспорим.",
        "Спасибо, очень помог!",
        "До завтра!",
    ],
};

pub(super) static UKRAINIAN: Tongue = Tongue {
    given: "Ганна/hanna Гнат/hnat Їжачок/yizhachok Євген/yevhen Зоряна/zoriana Калина/kalyna Любомир/liubomyr \
            Орися/orysia Соломія/solomiia Тарас/taras",
    family: "Барвінок/barvinok Вишня/vyshnia Ґудзик/gudzyk Зозуля/zozulia Їжак/yizhak Криниця/krynytsia \
             Лелека/leleka Пшениця/pshenytsia Терен/teren Яструб/yastrub",
    order: Order::GivenFirst,
    between_names: " ",
    between_sentences: " ",
    phrases: &[
        "Доброго ранку!",
        "Дякую, дуже гарно вийшло.",
        "Хтось бачив ключі від архіву?",
        "У черзі ще {n} завдань.",
        "Ходімо на вареники?",
        "Щось воно гуде, але працює.",
        "Я переписала цей розділ, подивися, будь ласка.",
        "За {n} хвилин почнемо.",
        "Ґанок пофарбовано, не сідайте!",
        "На все добре, до завтра.",
    ],
};

pub(super) static GREEK: Tongue = Tongue {
    given: "Αγλαΐα/aglaia Δανάη/danae Ευρυδίκη/evrydiki Θάλεια/thaleia Ίκαρος/ikaros Καλλιόπη/kalliopi \
            Λεωνίδας/leonidas Μυρτώ/myrto Νεφέλη/nefeli Οδυσσέας/odysseas",
    family: "Αηδόνης/aidonis Γαλανός/galanos Δελφίνης/delfinis Ελιάς/elias Θαλασσινός/thalassinos Κύκνος/kyknos \
             Λεμονής/lemonis Μελισσάς/melissas Πεύκος/pefkos Χελιδόνης/chelidonis",
    order: Order::GivenFirst,
    between_names: " ",
    between_sentences: " ",
    phrases: &[
        "Καλημέρα σε όλους!",
        "Εντάξει.",
        "Πήρε {n} δευτερόλεπτα, όχι άσχημα.",
        "Ποιος έφερε το γλυκό; Είναι υπέροχο!",
        "Πάμε για φαγητό στις δύο;",
        "Το διάβασα δύο φορές και ακόμα γελάω.",
        "Μην το πειράξεις, δουλεύει.",
        "Έμειναν {n} θέματα για αύριο.",
        "Ευχαριστώ πολύ για τη βοήθεια.",
        "Καληνύχτα, τα λέμε αύριο.",
    ],
};
