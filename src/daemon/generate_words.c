/* The words of made-up customers, a language after the other. Any change makes other customers of the same
 * seed.
 */
#include "daemon/generate_private.h"

#define WORDS(array)                                                                                         \
    { array, CLTI_COUNT(array) }

/* clang-format off */

static const clti_word english_roots[] = {
    {"Alder", "alder"}, {"Beacon", "beacon"}, {"Cedar", "cedar"}, {"Copper", "copper"},
    {"Crestwood", "crestwood"}, {"Drift", "drift"}, {"Elm", "elm"}, {"Falcon", "falcon"},
    {"Granite", "granite"}, {"Harbor", "harbor"}, {"Heron", "heron"}, {"Iron", "iron"},
    {"Juniper", "juniper"}, {"Keystone", "keystone"}, {"Lantern", "lantern"}, {"Maple", "maple"},
    {"Meadow", "meadow"}, {"North", "north"}, {"Oak", "oak"}, {"Pine", "pine"}, {"Quarry", "quarry"},
    {"Raven", "raven"}, {"Ridge", "ridge"}, {"River", "river"}, {"Silver", "silver"}, {"Summit", "summit"},
    {"Timber", "timber"}, {"Willow", "willow"}};
static const clti_word english_surnames[] = {
    {"Abbott", "abbott"}, {"Barker", "barker"}, {"Collins", "collins"}, {"Dawson", "dawson"},
    {"Ellis", "ellis"}, {"Fletcher", "fletcher"}, {"Garner", "garner"}, {"Hughes", "hughes"},
    {"Ingram", "ingram"}, {"Jarvis", "jarvis"}, {"Keller", "keller"}, {"Lawson", "lawson"},
    {"Mercer", "mercer"}, {"Norris", "norris"}, {"Porter", "porter"}, {"Ramsey", "ramsey"},
    {"Sawyer", "sawyer"}, {"Turner", "turner"}, {"Walsh", "walsh"}, {"Young", "young"}};
static const clti_word english_first_names[] = {
    {"Alice", "alice"}, {"Ben", "ben"}, {"Claire", "claire"}, {"David", "david"}, {"Emma", "emma"},
    {"Frank", "frank"}, {"Grace", "grace"}, {"Henry", "henry"}, {"Julia", "julia"}, {"Kevin", "kevin"},
    {"Laura", "laura"}, {"Mark", "mark"}, {"Nora", "nora"}, {"Oliver", "oliver"}, {"Paul", "paul"},
    {"Rose", "rose"}};
static const char *const english_sectors[] = {
    "Logistics", "Engineering", "Foods", "Software", "Insurance", "Dental Care", "Consulting", "Builders",
    "Media", "Textiles", "Energy", "Travel", "Furniture", "Motors", "Pharmacy", "Design"};
static const char *const english_forms[] = {
    "Ltd", "Inc.", "LLC", "Group", "& Co."};
static const char *const english_names[] = {
    "%r %s %f", "%n %s %f", "%n & %n %f", "%r %r %s %f", "%c %r %s", "%r %s of %c", "%n, %n & %n",
    "%r-%n %s %c %f"};
static const char *const english_streets[] = {
    "@# %n Street", "@## %r Avenue", "@ %r Lane", "@### %n Road"};
static const clti_place english_places[] = {
    {"US", "Seattle", "WA", "981##"}, {"US", "Austin", "TX", "787##"}, {"US", "Boston", "MA", "021##"},
    {"US", "Denver", "CO", "802##"}, {"GB", "Leeds", NULL, "LS@ @AB"}, {"GB", "Bristol", NULL, "BS@ @QT"},
    {"CA", "Toronto", "ON", "M5V @A@"}, {"AU", "Perth", "WA", "60##"}, {"IE", "Cork", NULL, NULL},
    {"NZ", "Wellington", NULL, "60##"}, {"ZA", "Durban", NULL, "40##"}};

static const clti_word german_roots[] = {
    {"Ährenfeld", "aehrenfeld"}, {"Alpen", "alpen"}, {"Birken", "birken"}, {"Brücken", "bruecken"},
    {"Eichen", "eichen"}, {"Elster", "elster"}, {"Fürsten", "fuersten"}, {"Gletscher", "gletscher"},
    {"Grün", "gruen"}, {"Hansa", "hansa"}, {"Küsten", "kuesten"}, {"Linden", "linden"}, {"Löwen", "loewen"},
    {"Möwen", "moewen"}, {"Nord", "nord"}, {"Rhön", "rhoen"}, {"Schwäbisch", "schwaebisch"},
    {"Süd", "sued"}, {"Tannen", "tannen"}, {"Überland", "ueberland"}, {"Wäldchen", "waeldchen"},
    {"Zirbel", "zirbel"}};
static const clti_word german_surnames[] = {
    {"Bäcker", "baecker"}, {"Fischer", "fischer"}, {"Groß", "gross"}, {"Hübner", "huebner"},
    {"Jäger", "jaeger"}, {"Köhler", "koehler"}, {"Krämer", "kraemer"}, {"Lößner", "loessner"},
    {"Müller", "mueller"}, {"Nägele", "naegele"}, {"Pfäffle", "pfaeffle"}, {"Rößler", "roessler"},
    {"Schäfer", "schaefer"}, {"Schröder", "schroeder"}, {"Vögele", "voegele"}, {"Weiß", "weiss"}};
static const clti_word german_first_names[] = {
    {"Anja", "anja"}, {"Björn", "bjoern"}, {"Christa", "christa"}, {"Dörte", "doerte"}, {"Emil", "emil"},
    {"Günter", "guenter"}, {"Hanna", "hanna"}, {"Jörg", "joerg"}, {"Käthe", "kaethe"}, {"Lukas", "lukas"},
    {"Mia", "mia"}, {"Sören", "soeren"}, {"Thomas", "thomas"}, {"Ulrike", "ulrike"}};
static const char *const german_sectors[] = {
    "Maschinenbau", "Werkzeuge", "Möbel", "Bäckereien", "Spedition", "Gebäudetechnik", "Versicherungen",
    "Prüftechnik", "Lebensmittel", "Gärtnerei", "Systeme", "Küchen", "Verlag", "Apotheke"};
static const char *const german_forms[] = {
    "GmbH", "AG", "KG", "GmbH & Co. KG", "OHG"};
static const char *const german_names[] = {
    "%r %s %f", "%n %s %f", "%n & Söhne %f", "%n & %n %f", "%c %r %s %f", "%r-%n %s %f", "%r %s %c %f",
    "%n und %n %s %c"};
static const char *const german_streets[] = {
    "%nstraße @#", "%rweg @", "Am %rplatz @#", "%rgasse @"};
static const clti_place german_places[] = {
    {"DE", "Köln", NULL, "50###"}, {"DE", "München", NULL, "80###"}, {"DE", "Nürnberg", NULL, "90###"},
    {"DE", "Lübeck", NULL, "23###"}, {"DE", "Saarbrücken", NULL, "66###"}, {"AT", "Wien", NULL, "1##0"},
    {"AT", "Klagenfurt", NULL, "9020"}, {"CH", "Zürich", NULL, "80##"}, {"CH", "Luzern", NULL, "600#"}};

static const clti_word french_roots[] = {
    {"Abeille", "abeille"}, {"Ébène", "ebene"}, {"Écluse", "ecluse"}, {"Étoile", "etoile"},
    {"Forêt", "foret"}, {"Hêtre", "hetre"}, {"Île", "ile"}, {"Lumière", "lumiere"}, {"Mélèze", "meleze"},
    {"Océan", "ocean"}, {"Rivière", "riviere"}, {"Rosée", "rosee"}, {"Rêve", "reve"}, {"Chêne", "chene"},
    {"Clé", "cle"}, {"Aurore", "aurore"}, {"Azur", "azur"}, {"Falaise", "falaise"}, {"Garance", "garance"}};
static const clti_word french_surnames[] = {
    {"Aubé", "aube"}, {"Bérard", "berard"}, {"Crépin", "crepin"}, {"Desprès", "despres"},
    {"Évrard", "evrard"}, {"François", "francois"}, {"Géraud", "geraud"}, {"Hébert", "hebert"},
    {"Lefèvre", "lefevre"}, {"Mérieux", "merieux"}, {"Noël", "noel"}, {"Pétrin", "petrin"},
    {"Régnier", "regnier"}, {"Thévenot", "thevenot"}};
static const clti_word french_first_names[] = {
    {"Amélie", "amelie"}, {"Benoît", "benoit"}, {"Céline", "celine"}, {"Hélène", "helene"},
    {"Jérôme", "jerome"}, {"Léa", "lea"}, {"Mathieu", "mathieu"}, {"Noémie", "noemie"}, {"Rémi", "remi"},
    {"Zoé", "zoe"}, {"Luc", "luc"}, {"Anne", "anne"}};
static const char *const french_sectors[] = {
    "Boulangerie", "Énergies", "Conseil", "Menuiserie", "Éditions", "Bâtiment", "Santé", "Mécanique",
    "Traiteur", "Hôtellerie", "Ingénierie", "Crédit", "Événements"};
static const char *const french_forms[] = {
    "SARL", "SA", "SAS", "& Fils", "et Associés"};
static const char *const french_names[] = {
    "%r %s %f", "%s %n %f", "%n %f", "%n & %n %f", "%s %r de %c", "%s %n %c %f", "Groupe %r-%n %s %f"};
static const char *const french_streets[] = {
    "@# rue %n", "@#, avenue de la %r", "@ place %n", "@## boulevard %n"};
static const clti_place french_places[] = {
    {"FR", "Orléans", NULL, "450##"}, {"FR", "Besançon", NULL, "250##"}, {"FR", "Nîmes", NULL, "300##"},
    {"FR", "Saint-Étienne", NULL, "420##"}, {"BE", "Liège", NULL, "40##"},
    {"CA", "Québec", "QC", "G1R @A@"}, {"CH", "Neuchâtel", NULL, "200#"},
    {"LU", "Luxembourg", NULL, "L-1###"}};

static const clti_word spanish_roots[] = {
    {"Águila", "aguila"}, {"Árbol", "arbol"}, {"Álamo", "alamo"}, {"Colibrí", "colibri"},
    {"Cóndor", "condor"}, {"Encina", "encina"}, {"Jazmín", "jazmin"}, {"Jardín", "jardin"},
    {"Limón", "limon"}, {"Montaña", "montana"}, {"Océano", "oceano"}, {"Peña", "pena"}, {"Piñón", "pinon"},
    {"Río", "rio"}, {"Sueño", "sueno"}, {"Volcán", "volcan"}, {"Viñedo", "vinedo"}};
static const clti_word spanish_surnames[] = {
    {"Álvarez", "alvarez"}, {"Báez", "baez"}, {"Cordón", "cordon"}, {"Díaz", "diaz"},
    {"Fernández", "fernandez"}, {"Gómez", "gomez"}, {"Ibáñez", "ibanez"}, {"Jiménez", "jimenez"},
    {"López", "lopez"}, {"Muñoz", "munoz"}, {"Núñez", "nunez"}, {"Peña", "pena"},
    {"Rodríguez", "rodriguez"}, {"Yáñez", "yanez"}};
static const clti_word spanish_first_names[] = {
    {"Ana", "ana"}, {"Andrés", "andres"}, {"Begoña", "begona"}, {"Inés", "ines"}, {"José", "jose"},
    {"Lucía", "lucia"}, {"Martín", "martin"}, {"María", "maria"}, {"Raúl", "raul"}, {"Sofía", "sofia"},
    {"Tomás", "tomas"}, {"Íñigo", "inigo"}};
static const char *const spanish_sectors[] = {
    "Construcción", "Diseño", "Logística", "Gestión", "Clínica", "Pañería", "Tecnología", "Cerámica",
    "Óptica", "Panadería", "Automoción", "Librería"};
static const char *const spanish_forms[] = {
    "S.A.", "S.L.", "S.A. de C.V.", "y Asociados", "Hermanos"};
static const char *const spanish_names[] = {
    "%s %r %f", "%n %s %f", "%n y %n %f", "%s %n %c", "%r %s %f", "Grupo %r-%n %s %f", "%s %r de %c %f"};
static const char *const spanish_streets[] = {
    "Calle %n @#", "Avenida %r @##", "Plaza %n @", "Camino del %r @#"};
static const clti_place spanish_places[] = {
    {"ES", "Málaga", NULL, "290##"}, {"ES", "León", NULL, "240##"}, {"ES", "Cádiz", NULL, "110##"},
    {"MX", "Mérida", "YUC", "97###"}, {"MX", "Querétaro", "QRO", "76###"},
    {"CL", "Valparaíso", NULL, "23#####"}, {"CO", "Bogotá", NULL, "11####"},
    {"AR", "Córdoba", NULL, "50##"}, {"PE", "Lima", NULL, "150##"}};

static const clti_word portuguese_roots[] = {
    {"Açucena", "acucena"}, {"Água", "agua"}, {"Árvore", "arvore"}, {"Baía", "baia"},
    {"Coração", "coracao"}, {"Estação", "estacao"}, {"Girassol", "girassol"}, {"Irmãos", "irmaos"},
    {"Maré", "mare"}, {"Pão", "pao"}, {"Sertão", "sertao"}, {"Verão", "verao"}, {"Oriente", "oriente"},
    {"Horizonte", "horizonte"}};
static const clti_word portuguese_surnames[] = {
    {"Araújo", "araujo"}, {"Brandão", "brandao"}, {"Conceição", "conceicao"}, {"Falcão", "falcao"},
    {"Gonçalves", "goncalves"}, {"Leitão", "leitao"}, {"Magalhães", "magalhaes"}, {"Simões", "simoes"},
    {"Valença", "valenca"}, {"Pereira", "pereira"}};
static const clti_word portuguese_first_names[] = {
    {"Antônio", "antonio"}, {"Cecília", "cecilia"}, {"Débora", "debora"}, {"João", "joao"},
    {"Letícia", "leticia"}, {"Luís", "luis"}, {"Márcia", "marcia"}, {"Tomé", "tome"}, {"Íris", "iris"},
    {"Rui", "rui"}};
static const char *const portuguese_sectors[] = {
    "Confecções", "Alimentação", "Comércio", "Construções", "Serviços", "Farmácia", "Móveis", "Transportes",
    "Soluções", "Café"};
static const char *const portuguese_forms[] = {
    "Ltda.", "S.A.", "& Filhos", "EIRELI"};
static const char *const portuguese_names[] = {
    "%s %r %f", "%n %s %f", "%n & %n %f", "%s %n de %c", "%r %s %c %f", "Grupo %r-%n %s %f"};
static const char *const portuguese_streets[] = {
    "Rua %n, @##", "Avenida %r, @###", "Travessa %n, @#"};
static const clti_place portuguese_places[] = {
    {"BR", "São Paulo", "SP", "01###-###"}, {"BR", "Goiânia", "GO", "74###-###"},
    {"BR", "Belém", "PA", "66###-###"}, {"PT", "Évora", NULL, "7000-###"},
    {"PT", "Guimarães", NULL, "4800-###"}};

static const clti_word polish_roots[] = {
    {"Bałtyk", "baltyk"}, {"Brzoza", "brzoza"}, {"Dąb", "dab"}, {"Gród", "grod"}, {"Jaskółka", "jaskolka"},
    {"Jeż", "jez"}, {"Kłos", "klos"}, {"Łąka", "laka"}, {"Orzeł", "orzel"}, {"Świt", "swit"},
    {"Źródło", "zrodlo"}, {"Żubr", "zubr"}, {"Wisła", "wisla"}, {"Zorza", "zorza"}};
static const clti_word polish_surnames[] = {
    {"Błaszczyk", "blaszczyk"}, {"Dąbrowski", "dabrowski"}, {"Gołąb", "golab"}, {"Jabłoński", "jablonski"},
    {"Kamiński", "kaminski"}, {"Łukasik", "lukasik"}, {"Piątek", "piatek"}, {"Stępień", "stepien"},
    {"Wójcik", "wojcik"}, {"Zieliński", "zielinski"}, {"Żak", "zak"}};
static const clti_word polish_first_names[] = {
    {"Agnieszka", "agnieszka"}, {"Błażej", "blazej"}, {"Elżbieta", "elzbieta"}, {"Grażyna", "grazyna"},
    {"Józef", "jozef"}, {"Łukasz", "lukasz"}, {"Małgorzata", "malgorzata"}, {"Paweł", "pawel"},
    {"Stanisław", "stanislaw"}, {"Zofia", "zofia"}};
static const char *const polish_sectors[] = {
    "Usługi", "Hurtownia", "Księgarnia", "Piekarnia", "Budownictwo", "Elektrownia", "Spółdzielnia",
    "Odzież", "Żegluga", "Narzędzia"};
static const char *const polish_forms[] = {
    "sp. z o.o.", "S.A.", "sp.j.", "i Wspólnicy"};
static const char *const polish_names[] = {
    "%r %s %f", "%s %n %f", "%n i %n %f", "%s %r %c", "%r-%n %s %f", "%s %c %r %f"};
static const char *const polish_streets[] = {
    "ul. %n @#", "al. %n @##", "ul. %r @"};
static const clti_place polish_places[] = {
    {"PL", "Łódź", NULL, "90-###"}, {"PL", "Kraków", NULL, "30-###"}, {"PL", "Gdańsk", NULL, "80-###"},
    {"PL", "Poznań", NULL, "60-###"}, {"PL", "Wrocław", NULL, "50-###"}};

static const clti_word nordic_roots[] = {
    {"Ås", "as"}, {"Björk", "bjork"}, {"Fjäll", "fjall"}, {"Gräns", "grans"}, {"Hjort", "hjort"},
    {"Älv", "alv"}, {"Ödla", "odla"}, {"Sjö", "sjo"}, {"Skär", "skar"}, {"Ström", "strom"},
    {"Tjäder", "tjader"}, {"Ängs", "angs"}, {"Norrsken", "norrsken"}, {"Ren", "ren"}};
static const clti_word nordic_surnames[] = {
    {"Åberg", "aberg"}, {"Björnsson", "bjornsson"}, {"Dahlström", "dahlstrom"}, {"Ekström", "ekstrom"},
    {"Hägglund", "hagglund"}, {"Lindqvist", "lindqvist"}, {"Löfgren", "lofgren"}, {"Nyström", "nystrom"},
    {"Östlund", "ostlund"}, {"Söderberg", "soderberg"}};
static const clti_word nordic_first_names[] = {
    {"Åsa", "asa"}, {"Björn", "bjorn"}, {"Göran", "goran"}, {"Håkan", "hakan"}, {"Jörgen", "jorgen"},
    {"Karin", "karin"}, {"Märta", "marta"}, {"Sören", "soren"}, {"Örjan", "orjan"}, {"Linnéa", "linnea"}};
static const char *const nordic_sectors[] = {
    "Bygg", "Åkeri", "Måleri", "Trädgård", "Järnvaror", "Mäkleri", "Kött & Fisk", "Rör", "Skogsvård",
    "Miljö"};
static const char *const nordic_forms[] = {
    "AB", "& Söner AB", "HB", "Förvaltning AB"};
static const char *const nordic_names[] = {
    "%r %s %f", "%n %s %f", "%n & %n %f", "%c %r %s %f", "%r-%n %s %f", "%r %s i %c %f"};
static const char *const nordic_streets[] = {
    "%nsgatan @#", "%rvägen @", "Stora %rgatan @#"};
static const clti_place nordic_places[] = {
    {"SE", "Göteborg", NULL, "41# ##"}, {"SE", "Malmö", NULL, "21# ##"}, {"SE", "Örebro", NULL, "70# ##"},
    {"SE", "Umeå", NULL, "90# ##"}, {"FI", "Åbo", NULL, "20###"}};

static const clti_word turkish_roots[] = {
    {"Akıncı", "akinci"}, {"Çınar", "cinar"}, {"Deniz", "deniz"}, {"Güneş", "gunes"}, {"Işık", "isik"},
    {"İnci", "inci"}, {"Kuğu", "kugu"}, {"Öz", "oz"}, {"Şahin", "sahin"}, {"Ünlü", "unlu"},
    {"Yıldız", "yildiz"}, {"Zeytin", "zeytin"}};
static const clti_word turkish_surnames[] = {
    {"Aydın", "aydin"}, {"Çelik", "celik"}, {"Doğan", "dogan"}, {"Gündüz", "gunduz"}, {"Kılıç", "kilic"},
    {"Öztürk", "ozturk"}, {"Şimşek", "simsek"}, {"Yılmaz", "yilmaz"}};
static const clti_word turkish_first_names[] = {
    {"Ayşe", "ayse"}, {"Çağla", "cagla"}, {"Emre", "emre"}, {"Gülşen", "gulsen"}, {"İsmail", "ismail"},
    {"Ömer", "omer"}, {"Şule", "sule"}, {"Yiğit", "yigit"}};
static const char *const turkish_sectors[] = {
    "İnşaat", "Gıda", "Tekstil", "Müşavirlik", "Turizm", "Eğitim", "Sağlık", "Taşımacılık", "Döküm"};
static const char *const turkish_forms[] = {
    "A.Ş.", "Ltd. Şti.", "ve Ortakları"};
static const char *const turkish_names[] = {
    "%r %s %f", "%n %s %f", "%n ve %n %f", "%c %r %s %f", "%r-%n %s %f"};
static const char *const turkish_streets[] = {
    "%n Caddesi No: @#", "%r Sokak No: @"};
static const clti_place turkish_places[] = {
    {"TR", "İstanbul", NULL, "34###"}, {"TR", "İzmir", NULL, "35###"}, {"TR", "Eskişehir", NULL, "26###"},
    {"TR", "Muğla", NULL, "48###"}};

static const clti_word vietnamese_roots[] = {
    {"Ánh", "anh"}, {"Bình", "binh"}, {"Đại", "dai"}, {"Đông", "dong"}, {"Hải", "hai"}, {"Hòa", "hoa"},
    {"Hưng", "hung"}, {"Phát", "phat"}, {"Sơn", "son"}, {"Thành", "thanh"}, {"Việt", "viet"},
    {"Trường", "truong"}};
static const clti_word vietnamese_surnames[] = {
    {"Nguyễn", "nguyen"}, {"Trần", "tran"}, {"Lê", "le"}, {"Phạm", "pham"}, {"Hoàng", "hoang"},
    {"Vũ", "vu"}, {"Đặng", "dang"}, {"Bùi", "bui"}, {"Đỗ", "do"}};
static const clti_word vietnamese_first_names[] = {
    {"Anh", "anh"}, {"Dũng", "dung"}, {"Hương", "huong"}, {"Lan", "lan"}, {"Mai", "mai"}, {"Quân", "quan"},
    {"Thảo", "thao"}, {"Tuấn", "tuan"}, {"Yến", "yen"}};
static const char *const vietnamese_sectors[] = {
    "Xây dựng", "Thương mại", "Vận tải", "Thực phẩm", "Điện tử", "Du lịch", "Cơ khí", "Dược phẩm"};
static const char *const vietnamese_forms[] = {
    "TNHH", "Cổ phần"};
static const char *const vietnamese_names[] = {
    "Công ty %f %s %r %r", "Công ty %f %r %r", "Công ty %f %s %r %c", "%s %n %r"};
static const char *const vietnamese_streets[] = {
    "@## Đường %n %r", "@# Phố %r"};
static const clti_place vietnamese_places[] = {
    {"VN", "Hà Nội", NULL, "10####"}, {"VN", "Đà Nẵng", NULL, "55####"}, {"VN", "Huế", NULL, "53####"},
    {"VN", "Cần Thơ", NULL, "94####"}};

static const clti_word greek_roots[] = {
    {"Αίγλη", "aigli"}, {"Αυγή", "avgi"}, {"Βράχος", "vrachos"}, {"Γαλήνη", "galini"}, {"Δάφνη", "dafni"},
    {"Ελιά", "elia"}, {"Ήλιος", "ilios"}, {"Θάλασσα", "thalassa"}, {"Κύμα", "kyma"}, {"Λιμάνι", "limani"},
    {"Μέλισσα", "melissa"}, {"Νήσος", "nisos"}, {"Όλυμπος", "olympos"}, {"Πέλαγος", "pelagos"},
    {"Ρόδι", "rodi"}, {"Σελήνη", "selini"}, {"Φάρος", "faros"}, {"Ωκεανός", "okeanos"}};
static const clti_word greek_surnames[] = {
    {"Αλεξίου", "alexiou"}, {"Βασιλείου", "vasileiou"}, {"Γεωργίου", "georgiou"},
    {"Δημητρίου", "dimitriou"}, {"Ιωάννου", "ioannou"}, {"Κωνσταντίνου", "konstantinou"},
    {"Μιχαηλίδης", "michailidis"}, {"Νικολάου", "nikolaou"}, {"Παπαδάκης", "papadakis"},
    {"Σταύρου", "stavrou"}, {"Χριστοδούλου", "christodoulou"}};
static const clti_word greek_first_names[] = {
    {"Αναστασία", "anastasia"}, {"Γιώργος", "giorgos"}, {"Δήμητρα", "dimitra"}, {"Ελένη", "eleni"},
    {"Κώστας", "kostas"}, {"Μαρία", "maria"}, {"Νίκος", "nikos"}, {"Σοφία", "sofia"},
    {"Χρήστος", "christos"}};
static const char *const greek_sectors[] = {
    "Εμπορική", "Κατασκευές", "Ναυτιλιακή", "Τρόφιμα", "Εκδόσεις", "Τουριστική", "Ασφαλιστική", "Ενέργεια",
    "Πληροφορική", "Φαρμακείο", "Μεταφορές"};
static const char *const greek_forms[] = {
    "Α.Ε.", "Ε.Π.Ε.", "Ο.Ε.", "και Υιοί"};
static const char *const greek_names[] = {
    "%r %s %f", "%n %s %f", "%n & %n %f", "%s %c %r", "%r-%n %s %f", "%s %r %c %f"};
static const char *const greek_streets[] = {
    "Οδός %n @#", "Λεωφόρος %n @##", "Πλατεία %r @"};
static const clti_place greek_places[] = {
    {"GR", "Αθήνα", NULL, "10# ##"}, {"GR", "Θεσσαλονίκη", NULL, "54# ##"}, {"GR", "Πάτρα", NULL, "26# ##"},
    {"GR", "Ηράκλειο", NULL, "71# ##"}, {"CY", "Λευκωσία", NULL, "10##"}, {"CY", "Λεμεσός", NULL, "30##"}};

static const clti_word bulgarian_roots[] = {
    {"Балкан", "balkan"}, {"Бисер", "biser"}, {"Вихър", "vihar"}, {"Гора", "gora"}, {"Дунав", "dunav"},
    {"Еделвайс", "edelvays"}, {"Жерав", "zherav"}, {"Зора", "zora"}, {"Искър", "iskar"}, {"Пирин", "pirin"},
    {"Роза", "roza"}, {"Славей", "slavey"}, {"Щурец", "shturets"}, {"Янтар", "yantar"}};
static const clti_word bulgarian_surnames[] = {
    {"Ангелов", "angelov"}, {"Боев", "boev"}, {"Василев", "vasilev"}, {"Георгиев", "georgiev"},
    {"Димитров", "dimitrov"}, {"Желязков", "zhelyazkov"}, {"Иванов", "ivanov"}, {"Николов", "nikolov"},
    {"Петров", "petrov"}, {"Христов", "hristov"}};
static const clti_word bulgarian_first_names[] = {
    {"Ана", "ana"}, {"Борис", "boris"}, {"Вяра", "vyara"}, {"Галя", "galya"}, {"Десислава", "desislava"},
    {"Йордан", "yordan"}, {"Калина", "kalina"}, {"Стоян", "stoyan"}, {"Юлия", "yuliya"}};
static const char *const bulgarian_sectors[] = {
    "Строителство", "Транспорт", "Хранителни стоки", "Машини", "Мебели", "Туризъм", "Застраховане",
    "Издателство", "Енергия", "Аптека"};
static const char *const bulgarian_forms[] = {
    "ООД", "ЕООД", "АД", "и синове"};
static const char *const bulgarian_names[] = {
    "%r %s %f", "%n %s %f", "%n и %n %f", "%c %r %s %f", "%r-%n %s %f", "%s %r %c"};
static const char *const bulgarian_streets[] = {
    "ул. %n @#", "бул. %r @##"};
static const clti_place bulgarian_places[] = {
    {"BG", "София", NULL, "1###"}, {"BG", "Пловдив", NULL, "40##"}, {"BG", "Варна", NULL, "90##"},
    {"BG", "Бургас", NULL, "80##"}};

static const clti_word ukrainian_roots[] = {
    {"Берегиня", "berehynia"}, {"Вишня", "vyshnia"}, {"Гай", "hai"}, {"Джерело", "dzherelo"},
    {"Дніпро", "dnipro"}, {"Журавель", "zhuravel"}, {"Їжак", "yizhak"}, {"Калина", "kalyna"},
    {"Лелека", "leleka"}, {"Мрія", "mriia"}, {"Оберіг", "oberih"}, {"Світанок", "svitanok"},
    {"Сокіл", "sokil"}, {"Яблуня", "yablunia"}};
static const clti_word ukrainian_surnames[] = {
    {"Бондаренко", "bondarenko"}, {"Гончар", "honchar"}, {"Іваненко", "ivanenko"}, {"Коваль", "koval"},
    {"Кравець", "kravets"}, {"Лисенко", "lysenko"}, {"Мельник", "melnyk"}, {"Петренко", "petrenko"},
    {"Шевчук", "shevchuk"}, {"Ющук", "yushchuk"}};
static const clti_word ukrainian_first_names[] = {
    {"Андрій", "andrii"}, {"Богдан", "bohdan"}, {"Ганна", "hanna"}, {"Дмитро", "dmytro"},
    {"Оксана", "oksana"}, {"Ольга", "olha"}, {"Сергій", "serhii"}, {"Юлія", "yuliia"}};
static const char *const ukrainian_sectors[] = {
    "Будівництво", "Логістика", "Хлібозавод", "Меблі", "Агро", "Електроніка", "Видавництво", "Страхування",
    "Транспорт", "Аптека"};
static const char *const ukrainian_forms[] = {
    "ТОВ", "ПрАТ", "ПП"};
static const char *const ukrainian_names[] = {
    "%f «%r %s»", "%f «%r-%r»", "%f «%n і %n»", "%f «%s %c %r»", "%n %s", "%f «%n %s»"};
static const char *const ukrainian_streets[] = {
    "вул. %n, @#", "просп. %r, @##"};
static const clti_place ukrainian_places[] = {
    {"UA", "Київ", NULL, "01###"}, {"UA", "Львів", NULL, "79###"}, {"UA", "Одеса", NULL, "65###"},
    {"UA", "Харків", NULL, "61###"}, {"UA", "Чернівці", NULL, "58###"}};

static const clti_word chinese_roots[] = {
    {"华", "hua"}, {"瑞", "rui"}, {"恒", "heng"}, {"金", "jin"}, {"东", "dong"}, {"明", "ming"}, {"新", "xin"},
    {"天", "tian"}, {"宏", "hong"}, {"海", "hai"}, {"安", "an"}, {"盛", "sheng"}, {"嘉", "jia"}, {"远", "yuan"},
    {"和", "he"}, {"泰", "tai"}, {"星", "xing"}, {"云", "yun"}, {"川", "chuan"}, {"林", "lin"}};
static const clti_word chinese_surnames[] = {
    {"王", "wang"}, {"李", "li"}, {"张", "zhang"}, {"刘", "liu"}, {"陈", "chen"}, {"杨", "yang"}, {"赵", "zhao"},
    {"黄", "huang"}, {"周", "zhou"}, {"吴", "wu"}, {"徐", "xu"}, {"孙", "sun"}};
static const clti_word chinese_first_names[] = {
    {"伟", "wei"}, {"芳", "fang"}, {"娜", "na"}, {"敏", "min"}, {"静", "jing"}, {"磊", "lei"}, {"洋", "yang"},
    {"艳", "yan"}, {"勇", "yong"}, {"丽华", "lihua"}, {"建国", "jianguo"}, {"晓明", "xiaoming"}};
static const char *const chinese_sectors[] = {
    "科技", "贸易", "食品", "建筑", "物流", "电子", "纺织", "机械", "咨询", "医药", "传媒", "能源", "家具", "旅游"};
static const char *const chinese_forms[] = {
    "有限公司", "股份有限公司", "集团"};
static const char *const chinese_names[] = {
    "%c%r%r%s%f", "%r%r%s%f", "%r%r%r%s%f", "%c%r%n%s%f"};
static const char *const chinese_streets[] = {
    "%r%r路@##号", "%r%r大街@#号", "%r%n路@号"};
static const clti_place chinese_places[] = {
    {"CN", "北京", "北京市", "10####"}, {"CN", "上海", "上海市", "20####"}, {"CN", "广州", "广东省", "51####"},
    {"CN", "成都", "四川省", "61####"}, {"CN", "杭州", "浙江省", "31####"}, {"SG", "新加坡", NULL, "##@###"}};

static const clti_word taiwanese_roots[] = {
    {"華", "hua"}, {"瑞", "rui"}, {"鴻", "hong"}, {"聯", "lian"}, {"東", "dong"}, {"寶", "bao"}, {"興", "xing"},
    {"億", "yi"}, {"豐", "feng"}, {"灣", "wan"}, {"龍", "long"}, {"雲", "yun"}, {"廣", "guang"}, {"達", "da"}};
static const clti_word taiwanese_surnames[] = {
    {"陳", "chen"}, {"林", "lin"}, {"黃", "huang"}, {"張", "chang"}, {"吳", "wu"}, {"劉", "liu"}, {"楊", "yang"},
    {"許", "hsu"}, {"鄭", "cheng"}, {"謝", "hsieh"}};
static const clti_word taiwanese_first_names[] = {
    {"志明", "chihming"}, {"淑芬", "shufen"}, {"美玲", "meiling"}, {"俊傑", "chunchieh"}, {"雅婷", "yating"},
    {"建宏", "chienhung"}};
static const char *const taiwanese_sectors[] = {
    "電子", "科技", "實業", "貿易", "食品", "精密機械", "紡織", "營造", "出版", "醫療器材"};
static const char *const taiwanese_forms[] = {
    "有限公司", "股份有限公司", "企業社"};
static const char *const taiwanese_names[] = {
    "%r%r%s%f", "%c%r%r%s%f", "%r%r%r%s%f", "%n%r%s%f"};
static const char *const taiwanese_streets[] = {
    "%r%r路@##號", "%r%n街@#號"};
static const clti_place taiwanese_places[] = {
    {"TW", "臺北市", NULL, "10###"}, {"TW", "臺中市", NULL, "40###"}, {"TW", "高雄市", NULL, "80###"},
    {"HK", "香港", NULL, NULL}};

static const clti_word japanese_roots[] = {
    {"青葉", "aoba"}, {"旭", "asahi"}, {"泉", "izumi"}, {"梅田", "umeda"}, {"大空", "ozora"}, {"海風", "umikaze"},
    {"桜", "sakura"}, {"白鳥", "shiratori"}, {"昭和", "showa"}, {"太陽", "taiyo"}, {"月光", "gekko"},
    {"富士見", "fujimi"}, {"松風", "matsukaze"}, {"みどり", "midori"}, {"ひかり", "hikari"}, {"つばさ", "tsubasa"},
    {"カモメ", "kamome"}, {"アサヒナ", "asahina"}};
static const clti_word japanese_surnames[] = {
    {"佐藤", "sato"}, {"鈴木", "suzuki"}, {"高橋", "takahashi"}, {"田中", "tanaka"}, {"渡辺", "watanabe"},
    {"伊藤", "ito"}, {"山本", "yamamoto"}, {"中村", "nakamura"}, {"小林", "kobayashi"}, {"加藤", "kato"}};
static const clti_word japanese_first_names[] = {
    {"明", "akira"}, {"恵子", "keiko"}, {"健一", "kenichi"}, {"直美", "naomi"}, {"翔太", "shota"}, {"陽子", "yoko"},
    {"さくら", "sakura"}, {"大輔", "daisuke"}};
static const char *const japanese_sectors[] = {
    "製作所", "工業", "商事", "運輸", "食品", "建設", "電機", "システム", "印刷", "薬品", "不動産", "サービス", "デザイン"};
static const char *const japanese_forms[] = {
    "株式会社", "有限会社", "合同会社"};
static const char *const japanese_names[] = {
    "%f%r%s", "%f%n%s", "%r%s%f", "%n%s%f", "%f%c%r%s", "%f%r%n%s", "%c%r%s%f"};
static const char *const japanese_streets[] = {
    "%r@丁目@-@#", "%n町@#-@", "%r通@##"};
static const clti_place japanese_places[] = {
    {"JP", "札幌市", "北海道", "060-####"}, {"JP", "東京都新宿区", "東京都", "160-####"},
    {"JP", "名古屋市", "愛知県", "450-####"}, {"JP", "大阪市", "大阪府", "530-####"}, {"JP", "福岡市", "福岡県", "810-####"}};

static const clti_word korean_roots[] = {
    {"가온", "gaon"}, {"나래", "narae"}, {"다솜", "dasom"}, {"라온", "raon"}, {"미르", "mireu"}, {"바다", "bada"},
    {"새벽", "saebyeok"}, {"아라", "ara"}, {"하늘", "haneul"}, {"한빛", "hanbit"}, {"해솔", "haesol"}, {"누리", "nuri"}};
static const clti_word korean_surnames[] = {
    {"김", "kim"}, {"이", "lee"}, {"박", "park"}, {"최", "choi"}, {"정", "jung"}, {"강", "kang"}, {"조", "cho"},
    {"윤", "yoon"}, {"장", "jang"}, {"임", "lim"}};
static const clti_word korean_first_names[] = {
    {"민준", "minjun"}, {"서연", "seoyeon"}, {"지훈", "jihoon"}, {"하은", "haeun"}, {"도윤", "doyun"},
    {"수빈", "subin"}};
static const char *const korean_sectors[] = {
    "전자", "건설", "식품", "물류", "소프트웨어", "섬유", "제약", "출판", "에너지", "디자인"};
static const char *const korean_forms[] = {
    "주식회사", "유한회사"};
static const char *const korean_names[] = {
    "%f %r%s", "%r%r%s", "%f %c%r%s", "%r%s %f", "%f %r%r %s"};
static const char *const korean_streets[] = {
    "%r로 @##", "%r길 @#"};
static const clti_place korean_places[] = {
    {"KR", "서울특별시", NULL, "04###"}, {"KR", "부산광역시", NULL, "48###"}, {"KR", "대구광역시", NULL, "41###"}};

static const clti_word arabic_roots[] = {
    {"الأمل", "alamal"}, {"البحر", "albahr"}, {"البدر", "albadr"}, {"الجوهرة", "aljawhara"},
    {"الرياح", "alriyah"}, {"الزيتون", "alzaytoun"}, {"السلام", "alsalam"}, {"الشروق", "alshorouk"},
    {"الصفا", "alsafa"}, {"الفجر", "alfajr"}, {"القمة", "alqimma"}, {"المنارة", "almanara"},
    {"النخيل", "alnakheel"}, {"الواحة", "alwaha"}, {"الياسمين", "alyasmin"}};
static const clti_word arabic_surnames[] = {
    {"الحداد", "haddad"}, {"الخطيب", "khatib"}, {"الزهراني", "zahrani"}, {"العمري", "omari"},
    {"القاسم", "qasim"}, {"المصري", "masri"}, {"النجار", "najjar"}, {"منصور", "mansour"},
    {"ناصر", "nasser"}, {"يوسف", "youssef"}};
static const clti_word arabic_first_names[] = {
    {"أحمد", "ahmad"}, {"خالد", "khaled"}, {"سارة", "sara"}, {"عمر", "omar"}, {"فاطمة", "fatima"},
    {"ليلى", "layla"}, {"محمود", "mahmoud"}, {"نور", "nour"}, {"هدى", "huda"}, {"ياسر", "yasser"}};
static const char *const arabic_sectors[] = {
    "للتجارة", "للمقاولات", "للصناعات الغذائية", "للنقل", "للتكنولوجيا", "للسياحة", "للأثاث", "للاستشارات",
    "للطاقة", "للنشر والتوزيع", "للأدوية"};
static const char *const arabic_forms[] = {
    "ذ.م.م.", "ش.م.م.", "المحدودة", "وأولاده"};
static const char *const arabic_names[] = {
    "شركة %r %s %f", "مؤسسة %n %s", "شركة %n و%n %f", "مجموعة %r %s %c", "شركة %r %s %c %f", "%r %n %s %f"};
static const char *const arabic_streets[] = {
    "شارع %n @#", "طريق %r @##", "@# شارع %r"};
static const clti_place arabic_places[] = {
    {"AE", "دبي", NULL, NULL}, {"AE", "أبوظبي", NULL, NULL}, {"EG", "القاهرة", NULL, "11###"},
    {"EG", "الإسكندرية", NULL, "21###"}, {"SA", "الرياض", NULL, "11###"}, {"JO", "عمّان", NULL, "111##"},
    {"MA", "الدار البيضاء", NULL, "20###"}, {"KW", "الكويت", NULL, "13###"}};

/* clang-format on */

#define LANGUAGE(name)                                                                                       \
    {                                                                                                        \
        .roots = WORDS(name##_roots), .surnames = WORDS(name##_surnames),                                    \
        .first_names = WORDS(name##_first_names), .sectors = WORDS(name##_sectors),                          \
        .forms = WORDS(name##_forms), .names = WORDS(name##_names), .streets = WORDS(name##_streets),        \
        .places = WORDS(name##_places)                                                                       \
    }

const clti_language CLTI_LANGUAGES[] = {
    LANGUAGE(english),   LANGUAGE(german),    LANGUAGE(french),  LANGUAGE(spanish),    LANGUAGE(portuguese),
    LANGUAGE(polish),    LANGUAGE(nordic),    LANGUAGE(turkish), LANGUAGE(vietnamese), LANGUAGE(greek),
    LANGUAGE(bulgarian), LANGUAGE(ukrainian), LANGUAGE(chinese), LANGUAGE(taiwanese),  LANGUAGE(japanese),
    LANGUAGE(korean),    LANGUAGE(arabic),
};
const size_t CLTI_LANGUAGE_COUNT = CLTI_COUNT(CLTI_LANGUAGES);
