//! Languages in the Latin script, most with more letters than ASCII has.

use super::{Order, Tongue};

pub(super) static ENGLISH: Tongue = Tongue {
    given: "Amelia/amelia Basil/basil Clementine/clementine Desmond/desmond Edith/edith Fergus/fergus Harriet/harriet \
            Isla/isla Jasper/jasper Mabel/mabel Niamh/niamh Rowan/rowan Siobhán/siobhan Winifred/winifred Zoë/zoe",
    family: "Ashdown/ashdown Birchall/birchall Cartwright/cartwright Dunmore/dunmore Fairweather/fairweather \
             Hollis/hollis Kettlewell/kettlewell Larkspur/larkspur Merriweather/merriweather O’Dowd/odowd \
             Pennington/pennington Quill/quill Thistlewood/thistlewood Wren/wren",
    order: Order::GivenFirst,
    between_names: " ",
    between_sentences: " ",
    phrases: &[
        "Good morning!",
        "Yes.",
        "The build took {n} seconds today.",
        "Did anybody feed the cat?",
        "I think we should measure it before we change anything.",
        "Can you look at this when you have a minute? It is not urgent.",
        "Lunch at half past twelve?",
        "I read all {n} pages and I still don't know where the second cable goes.",
        "That is exactly what I was afraid of.",
        "Thank you, that was quick!",
        "It works here. I know, I know.",
        "The tests are green, the plant is not.",
        "Let's write it down so that the next person does not have to find out the hard way.",
        "I'll be {n} minutes late, start without me.",
        "Who has the key to the small meeting room?",
        "I deleted {n} lines and everything got faster.",
        "Sorry, I was on the train. What did I miss?",
        "Shall we talk about it tomorrow, with coffee and a whiteboard?",
        "The old one had a name for it, but nobody remembers the name.",
        "See you at seven!",
    ],
};

pub(super) static FRENCH: Tongue = Tongue {
    given: "Amélie/amelie Benoît/benoit Chloé/chloe Éloïse/eloise François/francois Gaëlle/gaelle Hélène/helene \
            Jérôme/jerome Loïc/loic Noëlle/noelle",
    family: "Béranger/beranger Châtelain/chatelain Desprès/despres Évrard/evrard Gauthier/gauthier Lefèvre/lefevre \
             Moreau/moreau Noël/noel Périer/perier Villeneuve/villeneuve",
    order: Order::GivenFirst,
    between_names: " ",
    between_sentences: " ",
    phrases: &[
        "Bonjour à toutes et à tous !",
        "Ça marche.",
        "J’ai relu tes {n} pages, c’est très clair.",
        "On déjeune ensemble à midi et demi ?",
        "Le serveur a redémarré tout seul cette nuit, c’est étrange.",
        "Où as-tu rangé la clé de la cave ?",
        "Je préfère mesurer d’abord, discuter après.",
        "Il reste {n} croissants à la cuisine.",
        "Désolé, j’étais en réunion.",
        "À demain, et merci encore pour le coup de main.",
    ],
};

pub(super) static GERMAN: Tongue = Tongue {
    given: "Änne/aenne Björn/bjoern Dörte/doerte Friedhelm/friedhelm Gülay/guelay Jürgen/juergen Käthe/kaethe \
            Lieselotte/lieselotte Mäxchen/maexchen Sönke/soenke",
    family: "Böttcher/boettcher Drögemüller/droegemueller Fährmann/faehrmann Großkopf/grosskopf Hübner/huebner \
             Kräuter/kraeuter Löwe/loewe Preuß/preuss Schäfer/schaefer Weißenfels/weissenfels",
    order: Order::GivenFirst,
    between_names: " ",
    between_sentences: " ",
    phrases: &[
        "Guten Morgen zusammen!",
        "Passt.",
        "Der Zug hat {n} Minuten Verspätung, fangt ruhig schon an.",
        "Kannst du bitte kurz über die Änderung schauen?",
        "Die Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetzesdebatte war kürzer als diese Besprechung.",
        "Heute gibt es Käsespätzle!",
        "Ich messe das lieber erst einmal nach.",
        "Wer hat den großen Schraubenzieher?",
        "Gestern waren es {n}, heute ist es nur noch einer.",
        "Schönen Feierabend und bis morgen!",
    ],
};

pub(super) static SPANISH: Tongue = Tongue {
    given: "Ángel/angel Begoña/begona Concepción/concepcion Íñigo/inigo Joaquín/joaquin Lucía/lucia María/maria \
            Óscar/oscar Tomás/tomas Ximena/ximena",
    family: "Álvarez/alvarez Cáceres/caceres Ibáñez/ibanez Muñoz/munoz Núñez/nunez Ordóñez/ordonez Peñalosa/penalosa \
             Quiñones/quinones Rincón/rincon Zúñiga/zuniga",
    order: Order::GivenFirst,
    between_names: " ",
    between_sentences: " ",
    phrases: &[
        "¡Buenos días!",
        "¿Quién se llevó mi taza?",
        "Ya está: {n} pruebas en verde.",
        "¿Comemos a las dos, como siempre?",
        "Mañana lo miro con calma.",
        "El ratón no era un ratón, era el cargador.",
        "Llevo {n} minutos esperando y todavía no ha terminado.",
        "¡Qué alegría leerte!",
        "No lo toques, que funciona.",
        "Gracias por la paciencia; te debo un café.",
    ],
};

pub(super) static POLISH: Tongue = Tongue {
    given: "Agnieszka/agnieszka Bożena/bozena Grażyna/grazyna Jędrzej/jedrzej Kazimierz/kazimierz Łucja/lucja \
            Małgorzata/malgorzata Paweł/pawel Świętosław/swietoslaw Żaneta/zaneta",
    family: "Brzęczyk/brzeczyk Chrząszcz/chrzaszcz Dąb/dab Gołąb/golab Jabłoń/jablon Kądziel/kadziel Łoś/los \
             Szczęsny/szczesny Wróbel/wrobel Źdźbło/zdzblo",
    order: Order::GivenFirst,
    between_names: " ",
    between_sentences: " ",
    phrases: &[
        "Dzień dobry!",
        "Zażółć gęślą jaźń.",
        "Znalazłam błąd, był w wierszu {n}.",
        "Idziemy na pierogi?",
        "Zostało {n} minut, zdążymy.",
        "W Szczebrzeszynie chrząszcz brzmi w trzcinie, a u nas tylko wentylator.",
        "Świetnie, dziękuję!",
        "Kto ostatni widział zieloną teczkę?",
        "Najpierw testy, potem herbata.",
        "Do jutra!",
    ],
};

pub(super) static VIETNAMESE: Tongue = Tongue {
    given: "Ánh/anh Bảo/bao Cẩm/cam Diễm/diem Đức/duc Hạnh/hanh Khôi/khoi Mỹ/my Quỳnh/quynh Thảo/thao",
    family: "Bùi/bui Đặng/dang Đỗ/do Hồ/ho Huỳnh/huynh Lê/le Nguyễn/nguyen Phạm/pham Trần/tran Vũ/vu",
    order: Order::FamilyFirst,
    between_names: " ",
    between_sentences: " ",
    phrases: &[
        "Chào buổi sáng!",
        "Được rồi, cảm ơn bạn nhiều.",
        "Hôm nay ăn phở nhé?",
        "Máy chủ vừa khởi động lại lúc {n} giây trước.",
        "Tôi sẽ đến muộn một chút.",
        "Bạn đã đọc tài liệu mới chưa?",
        "Còn {n} việc nữa là xong.",
        "Trời mưa to quá, mang ô nhé.",
        "Để tôi kiểm tra lại đã.",
        "Hẹn gặp lại ngày mai!",
    ],
};
