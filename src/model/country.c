#include "model/country.h"

/* ISO 3166-1 codes in order, each with the culture that Unicode's CLDR takes as its likely one (the English
 * one where English is the language of business and several are official). */
static const clti_country countries[] = {
    /* clang-format off */
    {"AD", "ca-AD"}, {"AE", "ar-AE"}, {"AF", "fa-AF"}, {"AG", "en-AG"}, {"AI", "en-AI"}, {"AL", "sq-AL"},
    {"AM", "hy-AM"}, {"AO", "pt-AO"}, {"AQ", "en-US"}, {"AR", "es-AR"}, {"AS", "en-AS"}, {"AT", "de-AT"},
    {"AU", "en-AU"}, {"AW", "nl-AW"}, {"AX", "sv-AX"}, {"AZ", "az-Latn-AZ"}, {"BA", "bs-Latn-BA"},
    {"BB", "en-BB"}, {"BD", "bn-BD"}, {"BE", "nl-BE"}, {"BF", "fr-BF"}, {"BG", "bg-BG"}, {"BH", "ar-BH"},
    {"BI", "fr-BI"}, {"BJ", "fr-BJ"}, {"BL", "fr-BL"}, {"BM", "en-BM"}, {"BN", "ms-BN"}, {"BO", "es-BO"},
    {"BQ", "nl-BQ"}, {"BR", "pt-BR"}, {"BS", "en-BS"}, {"BT", "dz-BT"}, {"BV", "nb-NO"}, {"BW", "en-BW"},
    {"BY", "be-BY"}, {"BZ", "en-BZ"}, {"CA", "en-CA"}, {"CC", "en-CC"}, {"CD", "fr-CD"}, {"CF", "fr-CF"},
    {"CG", "fr-CG"}, {"CH", "de-CH"}, {"CI", "fr-CI"}, {"CK", "en-CK"}, {"CL", "es-CL"}, {"CM", "fr-CM"},
    {"CN", "zh-CN"}, {"CO", "es-CO"}, {"CR", "es-CR"}, {"CU", "es-CU"}, {"CV", "pt-CV"}, {"CW", "nl-CW"},
    {"CX", "en-CX"}, {"CY", "el-CY"}, {"CZ", "cs-CZ"}, {"DE", "de-DE"}, {"DJ", "fr-DJ"}, {"DK", "da-DK"},
    {"DM", "en-DM"}, {"DO", "es-DO"}, {"DZ", "ar-DZ"}, {"EC", "es-EC"}, {"EE", "et-EE"}, {"EG", "ar-EG"},
    {"EH", "ar-EH"}, {"ER", "ti-ER"}, {"ES", "es-ES"}, {"ET", "am-ET"}, {"FI", "fi-FI"}, {"FJ", "en-FJ"},
    {"FK", "en-FK"}, {"FM", "en-FM"}, {"FO", "fo-FO"}, {"FR", "fr-FR"}, {"GA", "fr-GA"}, {"GB", "en-GB"},
    {"GD", "en-GD"}, {"GE", "ka-GE"}, {"GF", "fr-GF"}, {"GG", "en-GG"}, {"GH", "en-GH"}, {"GI", "en-GI"},
    {"GL", "kl-GL"}, {"GM", "en-GM"}, {"GN", "fr-GN"}, {"GP", "fr-GP"}, {"GQ", "es-GQ"}, {"GR", "el-GR"},
    {"GS", "en-GS"}, {"GT", "es-GT"}, {"GU", "en-GU"}, {"GW", "pt-GW"}, {"GY", "en-GY"}, {"HK", "zh-HK"},
    {"HM", "en-AU"}, {"HN", "es-HN"}, {"HR", "hr-HR"}, {"HT", "fr-HT"}, {"HU", "hu-HU"}, {"ID", "id-ID"},
    {"IE", "en-IE"}, {"IL", "he-IL"}, {"IM", "en-IM"}, {"IN", "en-IN"}, {"IO", "en-IO"}, {"IQ", "ar-IQ"},
    {"IR", "fa-IR"}, {"IS", "is-IS"}, {"IT", "it-IT"}, {"JE", "en-JE"}, {"JM", "en-JM"}, {"JO", "ar-JO"},
    {"JP", "ja-JP"}, {"KE", "en-KE"}, {"KG", "ky-KG"}, {"KH", "km-KH"}, {"KI", "en-KI"}, {"KM", "fr-KM"},
    {"KN", "en-KN"}, {"KP", "ko-KP"}, {"KR", "ko-KR"}, {"KW", "ar-KW"}, {"KY", "en-KY"}, {"KZ", "kk-KZ"},
    {"LA", "lo-LA"}, {"LB", "ar-LB"}, {"LC", "en-LC"}, {"LI", "de-LI"}, {"LK", "si-LK"}, {"LR", "en-LR"},
    {"LS", "en-LS"}, {"LT", "lt-LT"}, {"LU", "fr-LU"}, {"LV", "lv-LV"}, {"LY", "ar-LY"}, {"MA", "ar-MA"},
    {"MC", "fr-MC"}, {"MD", "ro-MD"}, {"ME", "sr-Latn-ME"}, {"MF", "fr-MF"}, {"MG", "fr-MG"},
    {"MH", "en-MH"}, {"MK", "mk-MK"}, {"ML", "fr-ML"}, {"MM", "my-MM"}, {"MN", "mn-MN"}, {"MO", "zh-MO"},
    {"MP", "en-MP"}, {"MQ", "fr-MQ"}, {"MR", "ar-MR"}, {"MS", "en-MS"}, {"MT", "mt-MT"}, {"MU", "en-MU"},
    {"MV", "dv-MV"}, {"MW", "en-MW"}, {"MX", "es-MX"}, {"MY", "ms-MY"}, {"MZ", "pt-MZ"}, {"NA", "en-NA"},
    {"NC", "fr-NC"}, {"NE", "fr-NE"}, {"NF", "en-NF"}, {"NG", "en-NG"}, {"NI", "es-NI"}, {"NL", "nl-NL"},
    {"NO", "nb-NO"}, {"NP", "ne-NP"}, {"NR", "en-NR"}, {"NU", "en-NU"}, {"NZ", "en-NZ"}, {"OM", "ar-OM"},
    {"PA", "es-PA"}, {"PE", "es-PE"}, {"PF", "fr-PF"}, {"PG", "en-PG"}, {"PH", "en-PH"}, {"PK", "en-PK"},
    {"PL", "pl-PL"}, {"PM", "fr-PM"}, {"PN", "en-PN"}, {"PR", "es-PR"}, {"PS", "ar-PS"}, {"PT", "pt-PT"},
    {"PW", "en-PW"}, {"PY", "es-PY"}, {"QA", "ar-QA"}, {"RE", "fr-RE"}, {"RO", "ro-RO"},
    {"RS", "sr-Latn-RS"}, {"RU", "ru-RU"}, {"RW", "rw-RW"}, {"SA", "ar-SA"}, {"SB", "en-SB"},
    {"SC", "fr-SC"}, {"SD", "ar-SD"}, {"SE", "sv-SE"}, {"SG", "en-SG"}, {"SH", "en-SH"}, {"SI", "sl-SI"},
    {"SJ", "nb-SJ"}, {"SK", "sk-SK"}, {"SL", "en-SL"}, {"SM", "it-SM"}, {"SN", "fr-SN"}, {"SO", "so-SO"},
    {"SR", "nl-SR"}, {"SS", "en-SS"}, {"ST", "pt-ST"}, {"SV", "es-SV"}, {"SX", "nl-SX"}, {"SY", "ar-SY"},
    {"SZ", "en-SZ"}, {"TC", "en-TC"}, {"TD", "fr-TD"}, {"TF", "fr-FR"}, {"TG", "fr-TG"}, {"TH", "th-TH"},
    {"TJ", "tg-Cyrl-TJ"}, {"TK", "en-TK"}, {"TL", "pt-TL"}, {"TM", "tk-TM"}, {"TN", "ar-TN"},
    {"TO", "to-TO"}, {"TR", "tr-TR"}, {"TT", "en-TT"}, {"TV", "en-TV"}, {"TW", "zh-TW"}, {"TZ", "sw-TZ"},
    {"UA", "uk-UA"}, {"UG", "en-UG"}, {"UM", "en-UM"}, {"US", "en-US"}, {"UY", "es-UY"},
    {"UZ", "uz-Latn-UZ"}, {"VA", "it-VA"}, {"VC", "en-VC"}, {"VE", "es-VE"}, {"VG", "en-VG"},
    {"VI", "en-VI"}, {"VN", "vi-VN"}, {"VU", "fr-VU"}, {"WF", "fr-WF"}, {"WS", "en-WS"}, {"YE", "ar-YE"},
    {"YT", "fr-YT"}, {"ZA", "en-ZA"}, {"ZM", "en-ZM"}, {"ZW", "en-ZW"},
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

clt_str clti_country_language(const clti_country *country) {
    clt_str rest;
    return clti_str_cut(clti_str(country->culture), '-', &rest);
}
