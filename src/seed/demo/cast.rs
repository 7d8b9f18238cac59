//! Who takes part: people who made computing what it is and are long gone, and people who never were.

/// Everybody, by username and display name.
pub(super) const CAST: [(&str, &str); 22] = [
    ("ada", "Ada Lovelace"),
    ("grace", "Grace Hopper"),
    ("alan", "Alan Turing"),
    ("katherine", "Katherine Johnson"),
    ("edsger", "Edsger Dijkstra"),
    ("jean", "Jean Bartik"),
    ("karen", "Karen Spärck Jones"),
    ("joe", "Joe Armstrong"),
    ("dorothy", "Dorothy Vaughan"),
    ("claude", "Claude Shannon"),
    ("mary", "Mary Kenneth Keller"),
    ("dennis", "Dennis Ritchie"),
    ("hedy", "Hedy Lamarr"),
    ("sakura", "森本さくら"),
    ("nefeli", "Νεφέλη Αργυρού"),
    ("noga", "נוגה אלמוג"),
    ("nour", "نور الورّاق"),
    ("selam", "ሰላም ተስፋዬ"),
    ("ananya", "अनन्या राव"),
    ("zoya", "Зоя Журавель"),
    ("haitang", "林海棠"),
    ("jose", "José Ángel Núñez 🚲"),
];
