#include "model/country_rules.h"

#define STATE        CLTI_COUNTRY_STATE
#define CITY         CLTI_COUNTRY_CITY
#define POSTAL       CLTI_COUNTRY_POSTAL_CODE
#define REGISTRATION CLTI_COUNTRY_REGISTRATION

/* As recorded from the original, which lists no territories: they are countries of their own. */
#define US_STATES                                                                                            \
    "AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM "    \
    "NV NY OH OK OR PA RI SC SD TN TX UT VA VT WA WI WV WY"
#define US_PHONE  "^(1[ \\-\\/\\.]?)?(\\((\\d{3})\\)|(\\d{3}))[ \\-\\/\\.]?(\\d{3})[ \\-\\/\\.]?(\\d{4})$"
#define CA_STATES "AB BC MB NB NL NS NT NU ON PE QC SK YT"
/* ISO 3166-2:CN; Hong Kong, Macao and Taiwan have codes of their own in ISO 3166-1. */
#define CN_STATES                                                                                            \
    "AH BJ CQ FJ GD GS GX GZ HA HB HE HI HL HN JL JS JX LN NM NX QH SC SD SH SN SX TJ XJ XZ YN ZJ"
/* ISO 3166-2:MX has three letters, the contract two: those of the national population register. */
#define MX_STATES                                                                                            \
    "AS BC BS CC CH CL CM CS DF DG GR GT HG JC MC MN MS NL NT OC PL QR QT SL SP SR TC TL TS VZ YN ZS"

/* Any number that has been written for people. */
#define ANY_PHONE "^\\+?[\\d \\-\\/\\.\\(\\)]{4,25}$"

/* In rising order. Cultures: the first is the one that CLDR takes as likely (the English one where English is
 * the language of business and several are official). */
static const clti_country countries[] = {
    /* clang-format off */
    {"AD", CITY, "376", .cultures = "ca-AD", .postal = "^(AD)?\\d{3}$"},
    {"AE", CITY, "971", .cultures = "ar-AE en-AE"},
    {"AF", CITY, "93", .cultures = "fa-AF ps-AF", .postal = "^\\d{4}$"},
    {"AG", CITY, "1", .cultures = "en-AG"},
    {"AI", CITY, "1", .cultures = "en-AI", .postal = "^(AI-?)?2640$"},
    {"AL", CITY, "355", .cultures = "sq-AL", .postal = "^\\d{4}$"},
    {"AM", CITY | REGISTRATION, "374", .cultures = "hy-AM", .postal = "^\\d{4,6}$"},
    {"AO", CITY, "244", .cultures = "pt-AO"},
    {"AQ", 0, "672", .cultures = "en-US"},
    {"AR", CITY, "54", .cultures = "es-AR", .postal = "^[A-Za-z]?\\d{4}([A-Za-z]{3})?$"},
    {"AS", CITY | POSTAL, "1", .cultures = "en-AS", .postal = "^96799(-\\d{4})?$"},
    {"AT", CITY | POSTAL, "43", .cultures = "de-AT en-AT", .postal = "^\\d{4}$", .vat_id = "^ATU\\d{8}$"},
    {"AU", CITY | POSTAL, "61", .cultures = "en-AU", .postal = "^\\d{4}$"},
    {"AW", CITY, "297", .cultures = "nl-AW"},
    {"AX", CITY | POSTAL, "358", .cultures = "sv-AX", .postal = "^22\\d{3}$"},
    {"AZ", CITY | REGISTRATION, "994", .cultures = "az-Latn-AZ az-Cyrl-AZ", .postal = "^(AZ ?)?\\d{4}$"},
    {"BA", CITY, "387", .cultures = "bs-Latn-BA bs-Cyrl-BA hr-BA sr-Latn-BA sr-Cyrl-BA", .postal = "^\\d{5}$"},
    {"BB", CITY, "1", .cultures = "en-BB", .postal = "^(BB)?\\d{5}$"},
    {"BD", CITY, "880", .cultures = "bn-BD", .postal = "^\\d{4}$"},
    {"BE", CITY | POSTAL, "32", .cultures = "nl-BE fr-BE de-BE en-BE", .postal = "^\\d{4}$", .vat_id = "^BE[01]?\\d{9}$"},
    {"BF", CITY, "226", .cultures = "fr-BF"},
    {"BG", CITY | POSTAL, "359", .cultures = "bg-BG", .postal = "^\\d{4}$", .vat_id = "^BG\\d{9,10}$"},
    {"BH", CITY, "973", .cultures = "ar-BH", .postal = "^\\d{3,4}$"},
    {"BI", CITY, "257", .cultures = "fr-BI rn-BI en-BI"},
    {"BJ", CITY, "229", .cultures = "fr-BJ"},
    {"BL", CITY | POSTAL, "590", .cultures = "fr-BL", .postal = "^97\\d{3}$"},
    {"BM", CITY, "1", .cultures = "en-BM", .postal = "^[A-Za-z]{2} ?[A-Za-z\\d]{2}$"},
    {"BN", CITY, "673", .cultures = "ms-BN", .postal = "^[A-Za-z]{2} ?\\d{4}$"},
    {"BO", CITY, "591", .cultures = "es-BO"},
    {"BQ", CITY, "599", .cultures = "nl-BQ"},
    {"BR", CITY | POSTAL, "55", .cultures = "pt-BR", .postal = "^\\d{5}-?\\d{3}$"},
    {"BS", CITY, "1", .cultures = "en-BS"},
    {"BT", CITY, "975", .cultures = "dz-BT", .postal = "^\\d{5}$"},
    {"BV", 0, "47", .cultures = "nb-NO"},
    {"BW", CITY, "267", .cultures = "en-BW tn-BW"},
    {"BY", CITY | REGISTRATION, "375", .cultures = "be-BY ru-BY", .postal = "^\\d{6}$"},
    {"BZ", CITY, "501", .cultures = "en-BZ es-BZ"},
    {"CA", STATE | CITY | POSTAL, "1", .cultures = "en-CA fr-CA", .postal = "^[A-Za-z]\\d[A-Za-z][ \\-]?\\d[A-Za-z]\\d$", .states = CA_STATES},
    {"CC", CITY, "61", .cultures = "en-CC", .postal = "^6799$"},
    {"CD", CITY, "243", .cultures = "fr-CD sw-CD"},
    {"CF", CITY, "236", .cultures = "fr-CF"},
    {"CG", CITY, "242", .cultures = "fr-CG"},
    {"CH", CITY | POSTAL, "41", .cultures = "de-CH fr-CH it-CH rm-CH en-CH", .postal = "^\\d{4}$", .vat_id = "^CHE-?\\d{3}\\.?\\d{3}\\.?\\d{3}( ?(MWST|TVA|IVA))?$"},
    {"CI", CITY, "225", .cultures = "fr-CI"},
    {"CK", CITY, "682", .cultures = "en-CK"},
    {"CL", CITY, "56", .cultures = "es-CL", .postal = "^\\d{3}-?\\d{4}$"},
    {"CM", CITY, "237", .cultures = "fr-CM en-CM"},
    {"CN", STATE | CITY | POSTAL, "86", .cultures = "zh-CN", .postal = "^\\d{6}$", .states = CN_STATES},
    {"CO", CITY, "57", .cultures = "es-CO", .postal = "^\\d{6}$"},
    {"CR", CITY, "506", .cultures = "es-CR", .postal = "^\\d{4,5}(-\\d{4})?$"},
    {"CU", CITY, "53", .cultures = "es-CU", .postal = "^\\d{5}$"},
    {"CV", CITY, "238", .cultures = "pt-CV", .postal = "^\\d{4}$"},
    {"CW", CITY, "599", .cultures = "nl-CW"},
    {"CX", CITY, "61", .cultures = "en-CX", .postal = "^6798$"},
    {"CY", CITY, "357", .cultures = "el-CY tr-CY en-CY", .postal = "^\\d{4}$", .vat_id = "^CY\\d{8}[A-Z]$"},
    {"CZ", CITY | POSTAL, "420", .cultures = "cs-CZ", .postal = "^\\d{3} ?\\d{2}$", .vat_id = "^CZ\\d{8,10}$"},
    {"DE", CITY | POSTAL, "49", .cultures = "de-DE en-DE", .postal = "^\\d{5}$", .vat_id = "^DE\\d{9}$"},
    {"DJ", CITY, "253", .cultures = "fr-DJ ar-DJ so-DJ"},
    {"DK", CITY | POSTAL, "45", .cultures = "da-DK en-DK", .postal = "^\\d{4}$", .vat_id = "^DK\\d{8}$"},
    {"DM", CITY, "1", .cultures = "en-DM"},
    {"DO", CITY, "1", .cultures = "es-DO", .postal = "^\\d{5}$"},
    {"DZ", CITY, "213", .cultures = "ar-DZ fr-DZ", .postal = "^\\d{5}$"},
    {"EC", CITY, "593", .cultures = "es-EC", .postal = "^\\d{6}$"},
    {"EE", CITY | POSTAL, "372", .cultures = "et-EE", .postal = "^\\d{5}$", .vat_id = "^EE\\d{9}$"},
    {"EG", CITY, "20", .cultures = "ar-EG", .postal = "^\\d{5}(\\d{2})?$"},
    {"EH", CITY, "212", .cultures = "ar-EH"},
    {"ER", CITY, "291", .cultures = "ti-ER ar-ER en-ER"},
    {"ES", CITY | POSTAL, "34", .cultures = "es-ES ca-ES eu-ES gl-ES", .postal = "^\\d{5}$", .vat_id = "^ES[A-Z\\d]\\d{7}[A-Z\\d]$"},
    {"ET", CITY, "251", .cultures = "am-ET om-ET so-ET ti-ET", .postal = "^\\d{4}$"},
    {"FI", CITY | POSTAL, "358", .cultures = "fi-FI sv-FI en-FI", .postal = "^\\d{5}$", .vat_id = "^FI\\d{8}$"},
    {"FJ", CITY, "679", .cultures = "en-FJ"},
    {"FK", CITY, "500", .cultures = "en-FK", .postal = "^FIQQ 1ZZ$"},
    {"FM", CITY, "691", .cultures = "en-FM", .postal = "^9694[1-4](-\\d{4})?$"},
    {"FO", CITY | POSTAL, "298", .cultures = "fo-FO", .postal = "^\\d{3}$"},
    {"FR", CITY | POSTAL, "33", .cultures = "fr-FR", .postal = "^\\d{2} ?\\d{3}$", .vat_id = "^FR[A-Z\\d]{2}\\d{9}$"},
    {"GA", CITY, "241", .cultures = "fr-GA"},
    {"GB", CITY | POSTAL, "44", .cultures = "en-GB cy-GB gd-GB", .postal = "^(GIR ?0AA|[A-Za-z]{1,2}\\d[A-Za-z\\d]? ?\\d[A-Za-z]{2})$", .vat_id = "^GB(\\d{9}|\\d{12}|(GD|HA)\\d{3})$"},
    {"GD", CITY, "1", .cultures = "en-GD"},
    {"GE", CITY, "995", .cultures = "ka-GE", .postal = "^\\d{4}$"},
    {"GF", CITY | POSTAL, "594", .cultures = "fr-GF", .postal = "^973\\d{2}$"},
    {"GG", CITY | POSTAL, "44", .cultures = "en-GG", .postal = "^GY\\d[\\dA-Za-z]? ?\\d[A-Za-z]{2}$"},
    {"GH", CITY, "233", .cultures = "en-GH"},
    {"GI", 0, "350", .cultures = "en-GI", .postal = "^GX11 1AA$"},
    {"GL", CITY | POSTAL, "299", .cultures = "kl-GL da-GL", .postal = "^39\\d{2}$"},
    {"GM", CITY, "220", .cultures = "en-GM"},
    {"GN", CITY, "224", .cultures = "fr-GN", .postal = "^\\d{3}$"},
    {"GP", CITY | POSTAL, "590", .cultures = "fr-GP", .postal = "^97\\d{3}$"},
    {"GQ", CITY, "240", .cultures = "es-GQ fr-GQ pt-GQ"},
    {"GR", CITY | POSTAL, "30", .cultures = "el-GR", .postal = "^\\d{3} ?\\d{2}$", .vat_id = "^EL\\d{9}$"},
    {"GS", 0, "500", .cultures = "en-GS", .postal = "^SIQQ 1ZZ$"},
    {"GT", CITY, "502", .cultures = "es-GT", .postal = "^\\d{5}$"},
    {"GU", CITY | POSTAL, "1", .cultures = "en-GU", .postal = "^969[0-3]\\d(-\\d{4})?$"},
    {"GW", CITY, "245", .cultures = "pt-GW", .postal = "^\\d{4}$"},
    {"GY", CITY, "592", .cultures = "en-GY"},
    {"HK", 0, "852", .cultures = "zh-HK en-HK"},
    {"HM", 0, "672", .cultures = "en-AU", .postal = "^\\d{4}$"},
    {"HN", CITY, "504", .cultures = "es-HN", .postal = "^\\d{5}$"},
    {"HR", CITY | POSTAL, "385", .cultures = "hr-HR", .postal = "^\\d{5}$", .vat_id = "^HR\\d{11}$"},
    {"HT", CITY, "509", .cultures = "fr-HT ht-HT", .postal = "^(HT)?\\d{4}$"},
    {"HU", CITY | POSTAL | REGISTRATION, "36", .cultures = "hu-HU", .postal = "^\\d{4}$", .vat_id = "^HU\\d{8}$"},
    {"ID", CITY, "62", .cultures = "id-ID", .postal = "^\\d{5}$"},
    {"IE", CITY, "353", .cultures = "en-IE ga-IE", .postal = "^[A-Za-z][\\dA-Za-z]{2} ?[\\dA-Za-z]{4}$", .vat_id = "^IE\\d[A-Z\\d\\+\\*]\\d{5}[A-Z]{1,2}$"},
    {"IL", CITY, "972", .cultures = "he-IL ar-IL en-IL", .postal = "^\\d{5}(\\d{2})?$"},
    {"IM", CITY | POSTAL, "44", .cultures = "en-IM", .postal = "^IM\\d[\\dA-Za-z]? ?\\d[A-Za-z]{2}$"},
    {"IN", CITY | POSTAL, "91", .cultures = "en-IN hi-IN as-IN bn-IN gu-IN kn-IN ml-IN mr-IN or-IN pa-IN ta-IN te-IN ur-IN", .postal = "^\\d{3} ?\\d{3}$"},
    {"IO", 0, "246", .cultures = "en-IO", .postal = "^BBND 1ZZ$"},
    {"IQ", CITY, "964", .cultures = "ar-IQ", .postal = "^\\d{5}$"},
    {"IR", CITY, "98", .cultures = "fa-IR", .postal = "^\\d{5}-?\\d{5}$"},
    {"IS", CITY, "354", .cultures = "is-IS", .postal = "^\\d{3}$"},
    {"IT", CITY | POSTAL, "39", .cultures = "it-IT de-IT", .postal = "^\\d{5}$", .vat_id = "^IT\\d{11}$"},
    {"JE", CITY | POSTAL, "44", .cultures = "en-JE", .postal = "^JE\\d[\\dA-Za-z]? ?\\d[A-Za-z]{2}$"},
    {"JM", CITY, "1", .cultures = "en-JM"},
    {"JO", CITY, "962", .cultures = "ar-JO", .postal = "^\\d{5}$"},
    {"JP", CITY | POSTAL, "81", .cultures = "ja-JP", .postal = "^\\d{3}-?\\d{4}$"},
    {"KE", CITY, "254", .cultures = "en-KE sw-KE", .postal = "^\\d{5}$"},
    {"KG", CITY | REGISTRATION, "996", .cultures = "ky-KG ru-KG", .postal = "^\\d{6}$"},
    {"KH", CITY, "855", .cultures = "km-KH", .postal = "^\\d{5,6}$"},
    {"KI", CITY, "686", .cultures = "en-KI"},
    {"KM", CITY, "269", .cultures = "fr-KM ar-KM"},
    {"KN", CITY, "1", .cultures = "en-KN"},
    {"KP", CITY, "850", .cultures = "ko-KP"},
    {"KR", CITY | POSTAL, "82", .cultures = "ko-KR", .postal = "^(\\d{5}|\\d{3}-\\d{3})$"},
    {"KW", CITY, "965", .cultures = "ar-KW", .postal = "^\\d{5}$"},
    {"KY", CITY, "1", .cultures = "en-KY", .postal = "^KY\\d-\\d{4}$"},
    {"KZ", CITY | REGISTRATION, "7", .cultures = "kk-KZ ru-KZ", .postal = "^(\\d{6}|[A-Za-z]\\d{2}[A-Za-z]\\d[A-Za-z]\\d)$"},
    {"LA", CITY, "856", .cultures = "lo-LA", .postal = "^\\d{5}$"},
    {"LB", CITY, "961", .cultures = "ar-LB", .postal = "^\\d{4}( ?\\d{4})?$"},
    {"LC", CITY, "1", .cultures = "en-LC"},
    {"LI", CITY | POSTAL, "423", .cultures = "de-LI", .postal = "^94\\d{2}$"},
    {"LK", CITY, "94", .cultures = "si-LK ta-LK", .postal = "^\\d{5}$"},
    {"LR", CITY, "231", .cultures = "en-LR", .postal = "^\\d{4}$"},
    {"LS", CITY, "266", .cultures = "en-LS", .postal = "^\\d{3}$"},
    {"LT", CITY | POSTAL, "370", .cultures = "lt-LT", .postal = "^(LT-?)?\\d{5}$", .vat_id = "^LT(\\d{9}|\\d{12})$"},
    {"LU", CITY | POSTAL, "352", .cultures = "fr-LU de-LU lb-LU pt-LU", .postal = "^(L-?)?\\d{4}$", .vat_id = "^LU\\d{8}$"},
    {"LV", CITY | POSTAL, "371", .cultures = "lv-LV", .postal = "^(LV-?)?\\d{4}$", .vat_id = "^LV\\d{11}$"},
    {"LY", CITY, "218", .cultures = "ar-LY"},
    {"MA", CITY, "212", .cultures = "ar-MA fr-MA", .postal = "^\\d{5}$"},
    {"MC", 0, "377", .cultures = "fr-MC", .postal = "^980\\d{2}$"},
    {"MD", CITY | REGISTRATION, "373", .cultures = "ro-MD ru-MD", .postal = "^(MD-?)?\\d{4}$"},
    {"ME", CITY, "382", .cultures = "sr-Latn-ME sr-Cyrl-ME", .postal = "^\\d{5}$"},
    {"MF", CITY | POSTAL, "590", .cultures = "fr-MF", .postal = "^97\\d{3}$"},
    {"MG", CITY, "261", .cultures = "fr-MG mg-MG en-MG", .postal = "^\\d{3}$"},
    {"MH", CITY, "692", .cultures = "en-MH", .postal = "^969[67]\\d(-\\d{4})?$"},
    {"MK", CITY, "389", .cultures = "mk-MK sq-MK", .postal = "^\\d{4}$"},
    {"ML", CITY, "223", .cultures = "fr-ML"},
    {"MM", CITY, "95", .cultures = "my-MM", .postal = "^\\d{5,7}$"},
    {"MN", CITY, "976", .cultures = "mn-MN", .postal = "^\\d{5,6}$"},
    {"MO", 0, "853", .cultures = "zh-MO en-MO pt-MO"},
    {"MP", CITY | POSTAL, "1", .cultures = "en-MP", .postal = "^9695[0-2](-\\d{4})?$"},
    {"MQ", CITY | POSTAL, "596", .cultures = "fr-MQ", .postal = "^972\\d{2}$"},
    {"MR", CITY, "222", .cultures = "ar-MR fr-MR"},
    {"MS", CITY, "1", .cultures = "en-MS"},
    {"MT", CITY, "356", .cultures = "mt-MT en-MT", .postal = "^[A-Za-z]{3} ?\\d{2,4}$", .vat_id = "^MT\\d{8}$"},
    {"MU", CITY, "230", .cultures = "en-MU fr-MU", .postal = "^[\\dA-Za-z]\\d{4}$"},
    {"MV", CITY, "960", .cultures = "dv-MV", .postal = "^\\d{5}$"},
    {"MW", CITY, "265", .cultures = "en-MW"},
    {"MX", STATE | CITY | POSTAL, "52", .cultures = "es-MX", .postal = "^\\d{5}$", .states = MX_STATES},
    {"MY", CITY | POSTAL, "60", .cultures = "ms-MY en-MY ta-MY", .postal = "^\\d{5}$"},
    {"MZ", CITY, "258", .cultures = "pt-MZ", .postal = "^\\d{4}(-\\d{2})?$"},
    {"NA", CITY, "264", .cultures = "en-NA af-NA"},
    {"NC", CITY, "687", .cultures = "fr-NC", .postal = "^988\\d{2}$"},
    {"NE", CITY, "227", .cultures = "fr-NE", .postal = "^\\d{4}$"},
    {"NF", 0, "672", .cultures = "en-NF", .postal = "^2899$"},
    {"NG", CITY, "234", .cultures = "en-NG ha-Latn-NG ig-NG yo-NG", .postal = "^\\d{6}$"},
    {"NI", CITY, "505", .cultures = "es-NI", .postal = "^\\d{5}$"},
    {"NL", CITY | POSTAL, "31", .cultures = "nl-NL fy-NL en-NL", .postal = "^\\d{4} ?[A-Za-z]{2}$", .vat_id = "^NL\\d{9}B\\d{2}$"},
    {"NO", CITY | POSTAL, "47", .cultures = "nb-NO nn-NO", .postal = "^\\d{4}$", .vat_id = "^(NO)?\\d{9}( ?MVA)?$"},
    {"NP", CITY, "977", .cultures = "ne-NP", .postal = "^\\d{5}$"},
    {"NR", 0, "674", .cultures = "en-NR"},
    {"NU", CITY, "683", .cultures = "en-NU"},
    {"NZ", CITY | POSTAL, "64", .cultures = "en-NZ mi-NZ", .postal = "^\\d{4}$"},
    {"OM", CITY, "968", .cultures = "ar-OM", .postal = "^(PC ?)?\\d{3}$"},
    {"PA", CITY, "507", .cultures = "es-PA"},
    {"PE", CITY, "51", .cultures = "es-PE", .postal = "^((LIMA \\d{1,2})|\\d{5})$"},
    {"PF", CITY, "689", .cultures = "fr-PF", .postal = "^987\\d{2}$"},
    {"PG", CITY, "675", .cultures = "en-PG", .postal = "^\\d{3}$"},
    {"PH", CITY, "63", .cultures = "en-PH", .postal = "^\\d{4}$"},
    {"PK", CITY, "92", .cultures = "en-PK ur-PK", .postal = "^\\d{5}$"},
    {"PL", CITY | POSTAL, "48", .cultures = "pl-PL", .postal = "^\\d{2}-?\\d{3}$", .vat_id = "^PL\\d{10}$"},
    {"PM", CITY, "508", .cultures = "fr-PM", .postal = "^97\\d{3}$"},
    {"PN", 0, "64", .cultures = "en-PN", .postal = "^PCRN 1ZZ$"},
    {"PR", CITY | POSTAL, "1", .cultures = "es-PR en-PR", .postal = "^00[679]\\d{2}(-\\d{4})?$"},
    {"PS", CITY, "970", .cultures = "ar-PS"},
    {"PT", CITY | POSTAL, "351", .cultures = "pt-PT", .postal = "^\\d{4}(-\\d{3})?$", .vat_id = "^PT\\d{9}$"},
    {"PW", CITY, "680", .cultures = "en-PW", .postal = "^9694\\d(-\\d{4})?$"},
    {"PY", CITY, "595", .cultures = "es-PY", .postal = "^\\d{4,6}$"},
    {"QA", CITY, "974", .cultures = "ar-QA"},
    {"RE", CITY | POSTAL, "262", .cultures = "fr-RE", .postal = "^974\\d{2}$"},
    {"RO", CITY | POSTAL, "40", .cultures = "ro-RO", .postal = "^\\d{6}$", .vat_id = "^RO\\d{2,10}$"},
    {"RS", CITY, "381", .cultures = "sr-Latn-RS sr-Cyrl-RS", .postal = "^\\d{5,6}$"},
    {"RU", CITY | POSTAL | REGISTRATION, "7", .cultures = "ru-RU", .postal = "^\\d{6}$"},
    {"RW", CITY, "250", .cultures = "rw-RW fr-RW en-RW"},
    {"SA", CITY, "966", .cultures = "ar-SA", .postal = "^\\d{5}(-\\d{4})?$"},
    {"SB", CITY, "677", .cultures = "en-SB"},
    {"SC", CITY, "248", .cultures = "fr-SC en-SC"},
    {"SD", CITY, "249", .cultures = "ar-SD en-SD", .postal = "^\\d{5}$"},
    {"SE", CITY | POSTAL, "46", .cultures = "sv-SE en-SE", .postal = "^\\d{3} ?\\d{2}$", .vat_id = "^SE\\d{12}$"},
    {"SG", POSTAL, "65", .cultures = "en-SG zh-SG ms-SG ta-SG", .postal = "^\\d{6}$"},
    {"SH", CITY, "290", .cultures = "en-SH", .postal = "^(ASCN|STHL|TDCU) 1ZZ$"},
    {"SI", CITY | POSTAL, "386", .cultures = "sl-SI en-SI", .postal = "^(SI-?)?\\d{4}$", .vat_id = "^SI\\d{8}$"},
    {"SJ", CITY, "47", .cultures = "nb-SJ", .postal = "^\\d{4}$"},
    {"SK", CITY | POSTAL, "421", .cultures = "sk-SK", .postal = "^\\d{3} ?\\d{2}$", .vat_id = "^SK\\d{10}$"},
    {"SL", CITY, "232", .cultures = "en-SL"},
    {"SM", CITY, "378", .cultures = "it-SM", .postal = "^4789\\d$"},
    {"SN", CITY, "221", .cultures = "fr-SN", .postal = "^\\d{5}$"},
    {"SO", CITY, "252", .cultures = "so-SO ar-SO", .postal = "^([A-Za-z]{2} ?)?\\d{5}$"},
    {"SR", CITY, "597", .cultures = "nl-SR"},
    {"SS", CITY, "211", .cultures = "en-SS ar-SS"},
    {"ST", CITY, "239", .cultures = "pt-ST"},
    {"SV", CITY, "503", .cultures = "es-SV", .postal = "^(CP ?)?\\d{4}$"},
    {"SX", CITY, "1", .cultures = "nl-SX en-SX"},
    {"SY", CITY, "963", .cultures = "ar-SY fr-SY"},
    {"SZ", CITY, "268", .cultures = "en-SZ", .postal = "^[A-Za-z]\\d{3}$"},
    {"TC", CITY, "1", .cultures = "en-TC", .postal = "^TKCA 1ZZ$"},
    {"TD", CITY, "235", .cultures = "fr-TD ar-TD"},
    {"TF", 0, "262", .cultures = "fr-FR"},
    {"TG", CITY, "228", .cultures = "fr-TG"},
    {"TH", CITY, "66", .cultures = "th-TH", .postal = "^\\d{5}$"},
    {"TJ", CITY | REGISTRATION, "992", .cultures = "tg-Cyrl-TJ", .postal = "^\\d{6}$"},
    {"TK", 0, "690", .cultures = "en-TK"},
    {"TL", CITY, "670", .cultures = "pt-TL"},
    {"TM", CITY, "993", .cultures = "tk-TM", .postal = "^\\d{6}$"},
    {"TN", CITY, "216", .cultures = "ar-TN fr-TN", .postal = "^\\d{4}$"},
    {"TO", CITY, "676", .cultures = "to-TO en-TO"},
    {"TR", CITY | POSTAL, "90", .cultures = "tr-TR", .postal = "^\\d{5}$"},
    {"TT", CITY, "1", .cultures = "en-TT", .postal = "^\\d{6}$"},
    {"TV", CITY, "688", .cultures = "en-TV"},
    {"TW", CITY | POSTAL, "886", .cultures = "zh-TW", .postal = "^\\d{3}(-?\\d{2,3})?$"},
    {"TZ", CITY, "255", .cultures = "sw-TZ en-TZ", .postal = "^\\d{5}$"},
    {"UA", CITY | REGISTRATION, "380", .cultures = "uk-UA ru-UA", .postal = "^\\d{5}$"},
    {"UG", CITY, "256", .cultures = "en-UG sw-UG"},
    {"UM", 0, "1", .cultures = "en-UM", .postal = "^96898$"},
    {"US", STATE | CITY | POSTAL, "1", .cultures = "en-US es-US", .postal = "^\\d{5}(-\\d{4})?$", .states = US_STATES, .phone = US_PHONE, .is_tax_id_wanted = true},
    {"UY", CITY, "598", .cultures = "es-UY", .postal = "^\\d{5}$"},
    {"UZ", CITY | REGISTRATION, "998", .cultures = "uz-Latn-UZ uz-Cyrl-UZ", .postal = "^\\d{6}$"},
    {"VA", 0, "39 379", .cultures = "it-VA", .postal = "^00120$"},
    {"VC", CITY, "1", .cultures = "en-VC", .postal = "^(VC)?\\d{4}$"},
    {"VE", CITY, "58", .cultures = "es-VE", .postal = "^\\d{4}$"},
    {"VG", CITY, "1", .cultures = "en-VG", .postal = "^(VG)?\\d{4}$"},
    {"VI", CITY | POSTAL, "1", .cultures = "en-VI", .postal = "^008\\d{2}(-\\d{4})?$"},
    {"VN", CITY, "84", .cultures = "vi-VN", .postal = "^\\d{5,6}$"},
    {"VU", CITY, "678", .cultures = "fr-VU en-VU"},
    {"WF", CITY, "681", .cultures = "fr-WF", .postal = "^986\\d{2}$"},
    {"WS", CITY, "685", .cultures = "en-WS"},
    {"YE", CITY, "967", .cultures = "ar-YE"},
    {"YT", CITY, "262", .cultures = "fr-YT", .postal = "^976\\d{2}$"},
    {"ZA", CITY | POSTAL, "27", .cultures = "en-ZA af-ZA xh-ZA zu-ZA", .postal = "^\\d{4}$"},
    {"ZM", CITY, "260", .cultures = "en-ZM", .postal = "^\\d{5}$"},
    {"ZW", CITY, "263", .cultures = "en-ZW"},
    /* clang-format on */
};

const clti_country *clti_country_find(clt_str iso2) {
    for (size_t low = 0, high = CLTI_COUNT(countries); iso2.size == 2 && low < high;) {
        size_t middle = low + (high - low) / 2;
        const char upper[2] = {(char)(iso2.data[0] & ~0x20), (char)(iso2.data[1] & ~0x20)};
        int order = clti_str_compare((clt_str){upper, 2}, clti_str(countries[middle].iso2));
        if (order == 0)
            return &countries[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

clt_str clti_country_culture(const clti_country *country) {
    clt_str rest;
    return clti_str_cut(clti_str(country->cultures), ' ', &rest);
}

clt_str clti_country_language(const clti_country *country) {
    clt_str rest;
    return clti_str_cut(clti_str(country->cultures), '-', &rest);
}

const char *clti_country_phone(const clti_country *country) {
    return country->phone ? country->phone : ANY_PHONE;
}

clt_str clti_country_word(const char *list, clt_str word) {
    for (clt_str rest = clti_str(list); rest.data;) {
        clt_str found = clti_str_cut(rest, ' ', &rest);
        if (clti_str_equal_nocase(found, word))
            return found;
    }
    return (clt_str){NULL, 0};
}
