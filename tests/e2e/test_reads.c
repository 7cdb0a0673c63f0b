/* What is read beside the list: profiles, domains, addresses, countries, relationships (api.md 4.6 to 4.18).
 */
#include "scene.h"

#include <stdio.h>
#include <stdlib.h>

#define RESELLER      "11111111-2222-4333-8444-000000000001"
#define RESELLER_APP  "11111111-2222-4333-8444-000000000002"
#define RESELLER_2    "11111111-2222-4333-8444-000000000003"
#define DIRECT        "22222222-0000-4000-8000-000000000001"
#define INDIRECT      "22222222-0000-4000-8000-000000000002"
#define UNDELEGATED   "22222222-0000-4000-8000-000000000003"
#define REMOVED       "22222222-0000-4000-8000-000000000004"
#define UNKNOWN       "22222222-0000-4000-8000-000000000009"
#define CUSTOMER(id)  "/v1/customers/" id
#define RELATIONSHIPS "/v1/relationships"

static const char customers[] =
    "{\"id\":\"" DIRECT
    "\",\"companyProfile\":{\"domain\":\"Contoso-Direct.onmicrosoft.com\",\"companyName\":"
    "\"Contoso\"},\"billingProfile\":{\"firstName\":\"Ada\",\"lastName\":\"Byron\",\"email\":\"a@a.test\","
    "\"culture\":\"en-US\",\"language\":\"en\",\"defaultAddress\":{\"country\":\"US\",\"city\":\"Redmond\","
    "\"state\":\"WA\",\"addressLine1\":\"1 Main "
    "St\",\"postalCode\":\"98052\",\"phoneNumber\":\"4255550101\"}}}\n"
    "{\"id\":\"" INDIRECT
    "\",\"companyProfile\":{\"domain\":\"indirect.example\",\"companyName\":\"Indirect\"},"
    "\"associatedPartnerId\":\"" RESELLER "\"}\n"
    "{\"id\":\"" UNDELEGATED
    "\",\"companyProfile\":{\"domain\":\"undelegated.example\",\"companyName\":\"U\"},"
    "\"billingProfile\":{\"email\":\"u@u.test\",\"defaultAddress\":{\"city\":\"Bonn\"}},"
    "\"allowDelegatedAccess\":false}\n"
    "{\"id\":\"" REMOVED "\",\"companyProfile\":{\"domain\":\"removed.example\",\"companyName\":\"R\"},"
    "\"relationshipToPartner\":\"none\"}\n";

/* Fabrikam, a provider of two resellers; Northwind, who has nothing to do with it; and a server that wants
 * users. */
static scene open_to_apps, strict;
static clti_test_client *northwind, *reseller;

static void link_partners(const char *folder, const char *provider, const char *of) {
    clti_test_run_expecting(
        0, &(clti_test_command){.arguments = CLTI_TEST_WORDS("partner", "link", "--data", folder,
                                                             "--provider", provider, "--reseller", of)});
}

static int setup(void **state) {
    if (scene_group_setup(state) != 0)
        return -1;
    const char *folder = scene_demo_store();
    scene_add_partner(folder, RESELLER, "wingtip.example", RESELLER_APP);
    clti_test_run_expecting(
        0, &(clti_test_command){
               .arguments = CLTI_TEST_WORDS("partner", "add", "adatum.example", "--id", RESELLER_2, "--name",
                                            "\xC3\x84"
                                            "datum",
                                            "--mpn-id", "4847383", "--country", "DE", "--data", folder)});
    link_partners(folder, FABRIKAM, RESELLER);
    link_partners(folder, FABRIKAM, RESELLER_2);
    scene_import(folder, FABRIKAM, customers);
    const char *copy = scene_copy_store(folder);
    scene_open(&open_to_apps, folder, CLTI_TEST_WORDS("--auth-require-user=false"));
    scene_open(&strict, copy, NULL);
    northwind = clti_test_client_new(&open_to_apps.server);
    clti_test_sign_in(northwind, NORTHWIND, NORTHWIND_APP);
    reseller = clti_test_client_new(&open_to_apps.server);
    clti_test_sign_in(reseller, RESELLER, RESELLER_APP);
    return 0;
}

static int teardown(void **state) {
    clti_test_client_free(northwind);
    clti_test_client_free(reseller);
    scene_close(&open_to_apps);
    scene_close(&strict);
    return scene_group_teardown(state);
}

static const clti_test_response *get(const char *target) {
    return clti_test_get(open_to_apps.client, target, NULL);
}

/* The body must be the JSON text, with quotes written as apostrophes to be readable. */
static void expect_body(const clti_test_response *response, const char *want) {
    char *text = strdup(want);
    for (char *at = text; (at = strchr(at, '\''));)
        *at = '"';
    if (response->status != 200 || strcmp(response->body, text) != 0)
        fail_msg("%ld %s\nexpected: %s", response->status, response->body, text);
    free(text);
}

static char *header(const clti_test_response *response, const char *name) {
    char *value = clti_test_header(response, name, 0);
    assert_non_null(value);
    return value;
}

/* ---- profiles ---- */

static void test_a_company_profile_is_the_customers_own(void **state) {
    (void)state;
    expect_body(get(CUSTOMER(DIRECT) "/profiles/company"),
                "{'tenantId':'" DIRECT "','domain':'Contoso-Direct.onmicrosoft.com','companyName':'Contoso',"
                "'address':{'country':'US','region':'WA','city':'Redmond','addressLine1':'1 Main St',"
                "'postalCode':'98052','phoneNumber':'4255550101'},'email':'a@a.test','links':{'self':{'uri':"
                "'/customers/" DIRECT "/profiles/company','method':'GET','headers':[]}},'attributes':"
                "{'objectType':'CustomerCompanyProfile'}}");
    expect_body(get(CUSTOMER(UNDELEGATED) "/profiles/company"),
                "{'tenantId':'" UNDELEGATED
                "','domain':'undelegated.example','companyName':'U','links':{'self':"
                "{'uri':'/customers/" UNDELEGATED "/profiles/company','method':'GET','headers':[]}},"
                "'attributes':{'objectType':'CustomerCompanyProfile'}}");
}

static void test_a_billing_profile_has_the_customers_etag_in_body_and_header(void **state) {
    (void)state;
    char tag[64], quoted[80];
    snprintf(tag, sizeof(tag), "%s",
             clti_test_text_at(get(CUSTOMER(DIRECT))->json, "billingProfile.attributes.etag"));
    const clti_test_response *response = get(CUSTOMER(DIRECT) "/profiles/billing");
    assert_int_equal(response->status, 200);
    assert_string_equal(clti_test_text_at(response->json, "attributes.etag"), tag);
    assert_string_equal(clti_test_text_at(response->json, "attributes.objectType"), "CustomerBillingProfile");
    assert_string_equal(clti_test_text_at(response->json, "links.self.uri"),
                        "/v1/customers/" DIRECT "/profiles/billing");
    assert_string_equal(clti_test_text_at(response->json, "defaultAddress.state"), "WA");
    snprintf(quoted, sizeof(quoted), "\"%s\"", tag);
    char *sent = header(response, "ETag");
    assert_string_equal(sent, quoted);
    free(sent);
    char condition[96];
    snprintf(condition, sizeof(condition), "If-None-Match: %s", quoted);
    assert_int_equal(
        clti_test_get(open_to_apps.client, CUSTOMER(DIRECT) "/profiles/billing", CLTI_TEST_WORDS(condition))
            ->status,
        304);
}

/* Whatever of the billing profile changes, the name too, its etag is another one. */
static void test_the_etag_changes_with_the_billing_profile(void **state) {
    (void)state;
    static const char *const forms[] = {
        "{\"id\":\"" UNKNOWN "\",\"companyProfile\":{\"domain\":\"e.example\",\"companyName\":\"E\"}}",
        "{\"id\":\"" UNKNOWN "\",\"companyProfile\":{\"domain\":\"e.example\",\"companyName\":\"E2\"}}",
        "{\"id\":\"" UNKNOWN "\",\"companyProfile\":{\"domain\":\"e.example\",\"companyName\":\"E2\"},"
        "\"billingProfile\":{\"email\":\"e@e.test\"}}"};
    char before[64] = "";
    for (size_t i = 0; i < CLTI_COUNT(forms); i++) {
        scene_import(strict.folder, FABRIKAM, forms[i]);
        const clti_test_response *response =
            clti_test_get(strict.client, CUSTOMER(UNKNOWN) "/profiles/billing", NULL);
        const char *tag = clti_test_text_at(response->json, "attributes.etag");
        assert_string_not_equal(tag, before);
        snprintf(before, sizeof(before), "%s", tag);
    }
}

static void test_profiles_of_customers_that_are_not_the_callers_are_refused(void **state) {
    (void)state;
    static const char *const below[] = {"profiles/company", "profiles/billing", "relationships"};
    for (size_t i = 0; i < CLTI_COUNT(below); i++) {
        char target[128];
        snprintf(target, sizeof(target), "/v1/customers/x/%s", below[i]);
        scene_expect_fault(get(target), 400, 900118, "customer_id", target);
        snprintf(target, sizeof(target), "/v1/customers/" UNKNOWN "/%s", below[i]);
        scene_expect_fault(get(target), 404, 60003, NULL, target);
        snprintf(target, sizeof(target), "/v1/customers/" REMOVED "/%s", below[i]);
        scene_expect_fault(get(target), 403, 20002, NULL, target);
        snprintf(target, sizeof(target), "/v1/customers/" DIRECT "/%s", below[i]);
        scene_expect_fault(clti_test_get(northwind, target, NULL), 404, 60003, NULL, target);
        scene_expect_fault(clti_test_get(reseller, target, NULL), 404, 60003, NULL, target);
        snprintf(target, sizeof(target), "/v1/customers/" INDIRECT "/%s", below[i]);
        assert_int_equal(clti_test_get(reseller, target, NULL)->status, 200);
    }
}

static void test_an_organization_sees_itself(void **state) {
    (void)state;
    const clti_test_response *response = clti_test_get(reseller, "/v1/profiles/organization", NULL);
    const char *etag = clti_test_text_at(response->json, "attributes.etag");
    assert_non_null(etag);
    char want[1024];
    snprintf(want, sizeof(want),
             "{'id':'" RESELLER "','companyName':'wingtip.example','defaultAddress':{'country':'US'},"
             "'tenantId':'" RESELLER "','domain':'wingtip.example','language':'en','culture':'en-US',"
             "'profileType':'OrganizationProfile','links':{'self':{'uri':'/profiles/organization',"
             "'method':'GET','headers':[]}},'attributes':{'etag':'%s','objectType':'OrganizationProfile'}}",
             etag);
    expect_body(response, want);
}

/* ---- domains ---- */

static long head_domain(const char *name) {
    char target[512];
    snprintf(target, sizeof(target), "/v1/domains/%s", name);
    const clti_test_response *response =
        clti_test_send(open_to_apps.client, &(clti_test_request){.method = "HEAD", .target = target});
    char *length = header(response, "Content-Length"), *id = header(response, "MS-RequestId");
    if (response->status == 200 || response->status == 404)
        assert_string_equal(length, "0");
    assert_int_equal(response->body_size, 0);
    free(length);
    free(id);
    return response->status;
}

static void test_a_domain_is_taken_or_free(void **state) {
    (void)state;
    static const struct {
        const char *name;
        long status;
    } rows[] = {{"indirect.example", 200},
                {"INDIRECT.example", 200},
                {"removed.example", 200},
                {"1und1-drillisch.de", 200},
                {"contoso-direct.onmicrosoft.com", 200},
                {"contoso-direct", 200},
                {"Contoso-DIRECT", 200},
                {"nobody.example", 404},
                {"nobody", 404},
                {"all", 404},
                {"indirect", 404},
                {"a_b.example", 400},
                {"-a", 400},
                {"a..b", 400},
                {"%20", 400}};
    for (size_t i = 0; i < CLTI_COUNT(rows); i++)
        if (head_domain(rows[i].name) != rows[i].status)
            fail_msg("%s: not %ld", rows[i].name, rows[i].status);
    expect_body(get("/v1/validations/checkdomainavailability/contoso-direct"), "false");
    expect_body(get("/v1/validations/checkdomainavailability/nobody"), "true");
    expect_body(clti_test_get(northwind, "/v1/validations/checkdomainavailability/contoso-direct", NULL),
                "false");
    scene_expect_fault(get("/v1/validations/checkdomainavailability/-x"), 400, 3000, "Domain",
                       "a bad prefix");
}

static void test_a_domain_is_asked_for_with_head_alone(void **state) {
    (void)state;
    const clti_test_response *response = get("/v1/domains/contoso");
    scene_expect_fault(response, 405, 900141, NULL, "GET of a domain");
    char *allow = header(response, "Allow");
    assert_string_equal(allow, "HEAD");
    free(allow);
}

/* ---- addresses ---- */

#define ADDRESS_PATH "/v1/validations/address"
#define DOCUMENTED                                                                                           \
    "{\n    \"AddressLine1\": \"1 Microsoft Way\",\n    \"City\": \"Redmond\",\n    \"State\": \"wa\",\n"    \
    "    \"PostalCode\": \"98052\",\n    \"Country\": \"us\",\n}"

static const clti_test_response *validate(const char *body, const char *client) {
    char line[128];
    snprintf(line, sizeof(line), "MS-PartnerCenter-Client: %s", client ? client : "");
    return clti_test_send(open_to_apps.client,
                          &(clti_test_request){.method = "POST",
                                               .target = ADDRESS_PATH,
                                               .headers = CLTI_TEST_WORDS(client ? line : "Accept: */*",
                                                                          "Content-Type: application/json"),
                                               .body = body});
}

static void test_an_address_is_validated_in_the_form_that_the_client_knows(void **state) {
    (void)state;
    static const char *const booleans[] = {"Partner Center Java SDK", "Partner Center Open .NET SDK",
                                           "Partner Center PowerShell"};
    static const char *const objects[] = {NULL, "Partner Center .NET SDK", "anything"};
    for (size_t i = 0; i < CLTI_COUNT(booleans); i++) {
        expect_body(validate(DOCUMENTED, booleans[i]), "true");
        const clti_test_response *response =
            validate("{\"country\":\"US\",\"addressLine1\":\"x\",\"city\":\"x\",\"state\":\"WA\","
                     "\"postalCode\":\"1\"}",
                     booleans[i]);
        scene_expect_fault(response, 400, 2007, "PostalCode", booleans[i]);
    }
    for (size_t i = 0; i < CLTI_COUNT(objects); i++) {
        expect_body(
            validate(DOCUMENTED, objects[i]),
            "{'originalAddress':{'country':'us','city':'Redmond','state':'wa','addressLine1':"
            "'1 Microsoft Way','postalCode':'98052'},'suggestedAddresses':[{'country':'US','city':"
            "'Redmond','state':'WA','addressLine1':'1 Microsoft Way','postalCode':'98052'}],"
            "'status':'Verified','validationMessage':'The address keeps to the rules of its country.'}");
        expect_body(
            validate("{\"country\":\"US\",\"city\":\"x\",\"state\":\"ON\"}", objects[i]),
            "{'originalAddress':{'country':'US','city':'x','state':'ON'},'suggestedAddresses':[],"
            "'status':'None','validationMessage':'state is not a state of US. addressLine1 is missing. "
            "postalCode is missing.'}");
    }
    expect_body(validate("{\"country\":\"AO\",\"city\":\"Luanda\",\"addressLine1\":\"x\"}", NULL),
                "{'originalAddress':{'country':'AO','city':'Luanda','addressLine1':'x'},"
                "'suggestedAddresses':[],'status':'NotValidated','validationMessage':'There are no rules for "
                "addresses in this country.'}");
}

static void test_a_body_that_is_no_address_is_refused(void **state) {
    (void)state;
    scene_expect_fault(validate("{\"city\":\"Bonn\"}", NULL), 400, 3000, "Country", "no country");
    scene_expect_fault(validate("{\"city\":", NULL), 400, 800002, NULL, "no JSON");
    scene_expect_fault(validate("[]", NULL), 400, 800002, NULL, "an array");
    scene_expect_fault(
        clti_test_send(open_to_apps.client,
                       &(clti_test_request){.method = "POST",
                                            .target = ADDRESS_PATH,
                                            .headers = CLTI_TEST_WORDS("Content-Type: application/xml"),
                                            .body = "{\"country\":\"US\"}"}),
        400, 800002, "Content-Type", "another type");
    scene_expect_fault(get(ADDRESS_PATH), 405, 900141, NULL, "GET");
}

/* ---- countries ---- */

static void test_the_rules_of_the_united_states_are_as_recorded(void **state) {
    (void)state;
    expect_body(
        get("/v1/CountryValidationRules/us"),
        "{'iso2Code':'US','defaultCulture':'en-US','isStateRequired':true,'supportedStatesList':['AK','AL','"
        "AR',"
        "'AZ','CA','CO','CT','DC','DE','FL','GA','HI','IA','ID','IL','IN','KS','KY','LA','MA','MD','ME','MI',"
        "'MN','MO','MS','MT','NC','ND','NE','NH','NJ','NM','NV','NY','OH','OK','OR','PA','RI','SC','SD','TN',"
        "'TX','UT','VA','VT','WA','WI','WV','WY'],'supportedLanguagesList':['en','es'],'"
        "supportedCulturesList':"
        "['en-US','es-US'],'isPostalCodeRequired':true,'postalCodeRegex':'^\\\\d{5}(-\\\\d{4})?$',"
        "'isCityRequired':true,'isVatIdSupported':false,'phoneNumberRegex':'^(1[ "
        "\\\\-\\\\/\\\\.]?)?(\\\\((\\\\d{3}"
        ")\\\\)|(\\\\d{3}))[ \\\\-\\\\/\\\\.]?(\\\\d{3})[ "
        "\\\\-\\\\/\\\\.]?(\\\\d{4})$','isTaxIdSupported':true,"
        "'isTaxIdOptional':true,'countryCallingCodesList':['1'],'attributes':{'objectType':"
        "'CountryValidationRules'}}");
}

static void test_countries_are_found_or_refused(void **state) {
    (void)state;
    const clti_test_response *response = get("/v1/countryvalidationrules/RS");
    assert_string_equal(clti_test_text_at(response->json, "defaultCulture"), "sr-Latn-RS");
    assert_int_equal(json_array_size(clti_test_at(response->json, "supportedLanguagesList")), 1);
    assert_int_equal(json_array_size(clti_test_at(response->json, "supportedCulturesList")), 2);
    assert_int_equal(json_array_size(clti_test_at(response->json, "supportedStatesList")), 0);
    response = get("/v1/countryvalidationrules/RU");
    assert_true(json_is_true(clti_test_at(response->json, "customerOrganizationRegistrationNumberRequired")));
    scene_expect_fault(get("/v1/countryvalidationrules/XX"), 404, 1000, NULL, "an unknown country");
    scene_expect_fault(get("/v1/countryvalidationrules/DEU"), 400, 3000, NULL, "three letters");
    scene_expect_fault(get("/v1/countryvalidationrules/4x"), 400, 3000, NULL, "no letters");
}

/* ---- relationships ---- */

#define ADATUM                                                                                               \
    "{'id':'" RESELLER_2 "','name':'\xC3\x84"                                                                \
    "datum','relationshipType':'is_indirect_cloud_solution_provider_of',"                                    \
    "'state':'Active','mpnId':'4847383','location':'DE','attributes':{'objectType':'PartnerRelationship'}}"
#define WINGTIP                                                                                              \
    "{'id':'" RESELLER "','name':'wingtip.example','relationshipType':"                                      \
    "'is_indirect_cloud_solution_provider_of','state':'Active','location':'US','attributes':{'objectType':"  \
    "'PartnerRelationship'}}"
#define COLLECTION(count, items)                                                                             \
    "{'totalCount':" count ",'items':[" items "],'attributes':{'objectType':'Collection'}}"

static void test_a_provider_sees_its_resellers_by_name(void **state) {
    (void)state;
    static const struct {
        const char *query, *want;
    } rows[] = {
        {"", COLLECTION("2", ADATUM "," WINGTIP)},
        {"?relationship_type=IsIndirectCloudSolutionProviderOf", COLLECTION("2", ADATUM "," WINGTIP)},
        {"?Relationship_Type=is_indirect_cloud_solution_provider_of", COLLECTION("2", ADATUM "," WINGTIP)},
        {"?relationship_type=2", COLLECTION("2", ADATUM "," WINGTIP)},
        {"?relationship_type=0", COLLECTION("2", ADATUM "," WINGTIP)},
        {"?relationship_type=IsIndirectResellerOf", COLLECTION("0", "")},
        {"?filter=%7B%22Field%22%3A%22Name%22%2C%22Value%22%3A%22WING%22%2C%22Operator%22%3A%22starts_with%"
         "22%7D",
         COLLECTION("1", WINGTIP)},
        {"?filter={%22field%22:%22name%22,%22value%22:%22a%CC%88d%22,%22operator%22:%22StartsWith%22}",
         COLLECTION("1", ADATUM)},
        {"?filter={%22field%22:%22name%22,%22value%22:%22wingtip.example%22,%22operator%22:%22equals%22}",
         COLLECTION("1", WINGTIP)},
        {"?filter={%22field%22:%22name%22,%22value%22:%22wing%22,%22operator%22:%22equals%22}",
         COLLECTION("0", "")},
        {"?filter=", COLLECTION("2", ADATUM "," WINGTIP)},
    };
    char target[512];
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        snprintf(target, sizeof(target), RELATIONSHIPS "%s", rows[i].query);
        expect_body(get(target), rows[i].want);
    }
}

static void test_a_reseller_sees_its_provider_and_others_nobody(void **state) {
    (void)state;
    const clti_test_response *response =
        clti_test_get(reseller, RELATIONSHIPS "?relationship_type=IsIndirectResellerOf", NULL);
    assert_int_equal(json_array_size(clti_test_at(response->json, "items")), 1);
    assert_string_equal(clti_test_text_at(response->json, "items.0.id"), FABRIKAM);
    assert_string_equal(clti_test_text_at(response->json, "items.0.relationshipType"),
                        "is_indirect_reseller_of");
    response = clti_test_get(northwind, RELATIONSHIPS, NULL);
    assert_int_equal(json_array_size(clti_test_at(response->json, "items")), 0);
}

static void test_queries_of_relationships_that_are_wrong_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *query;
        int code;
        const char *member;
    } rows[] = {{"relationship_type=3", 900126, "relationship_type"},
                {"relationship_type=Reseller", 900126, "relationship_type"},
                {"relationship_type=1&relationship_type=1", 2000, "relationship_type"},
                {"relationship_type=%zz", 2000, "relationship_type"},
                {"filter=x", 2000, "filter"},
                {"filter={}", 2000, "filter"},
                {"filter={%22Field%22:%22CompanyName%22,%22Value%22:%22x%22,%22Operator%22:%22equals%22}",
                 2000, "Field"},
                {"filter={%22Field%22:%22Name%22,%22Value%22:%22x%22,%22Operator%22:%22substring%22}", 2000,
                 "Operator"}};
    char target[512];
    for (size_t i = 0; i < CLTI_COUNT(rows); i++) {
        snprintf(target, sizeof(target), RELATIONSHIPS "?%s", rows[i].query);
        scene_expect_fault(get(target), 400, rows[i].code, rows[i].member, rows[i].query);
    }
}

static void test_a_customer_has_its_reseller_or_none(void **state) {
    (void)state;
    static const char one[] = COLLECTION(
        "1", "{'id':'" RESELLER "','name':'wingtip.example','relationshipType':"
             "'is_indirect_cloud_solution_provider_of','attributes':{'objectType':'PartnerRelationship'}}");
    expect_body(get(CUSTOMER(INDIRECT) "/relationships"), one);
    expect_body(clti_test_get(reseller, CUSTOMER(INDIRECT) "/relationships", NULL), one);
    expect_body(get(CUSTOMER(DIRECT) "/relationships"), COLLECTION("0", ""));
}

static void test_a_relationship_request_is_an_address_with_the_partner_in_it(void **state) {
    (void)state;
    const char *url = clti_test_text_at(get("/v1/customers/RelationshipRequests")->json, "url");
    assert_non_null(strstr(url, "http://127.0.0.1:"));
    assert_non_null(strstr(url, "/partner-invitation?invType=ResellerRelationship&partnerId=" FABRIKAM
                                "&msppId=0&DAP=false"));
    url = clti_test_text_at(get("/v1/customers/relationshiprequests?indirectResellerId={" RESELLER
                                "}&dualRoleIndirectRelationship=True")
                                ->json,
                            "url");
    assert_non_null(
        strstr(url, "&DAP=false&indirectResellerId=" RESELLER "&dualRoleIndirectRelationship=true"));
    scene_expect_fault(get("/v1/customers/relationshiprequests?indirectResellerId=x"), 400, 2000,
                       "indirectResellerId", "no GUID");
}

/* The answer of a page, which needs no token. */
static void expect_page(const char *target, long status, const char *words) {
    const clti_test_response *page =
        clti_test_send(open_to_apps.client, &(clti_test_request){.target = target, .authorization = ""});
    assert_int_equal(page->status, status);
    assert_non_null(strstr(page->headers, "text/html"));
    assert_non_null(strstr(page->body, words));
}

static void test_the_address_of_a_relationship_request_leads_to_a_page(void **state) {
    (void)state;
    const char *url = clti_test_text_at(get("/v1/customers/relationshiprequests")->json, "url");
    char *target = strdup(strstr(url, "/partner-invitation"));
    assert_non_null(target);
    expect_page(target, 200, "fabrikam.example) would like to be your reseller");
    free(target);
    expect_page("/partner-invitation", 404, "no partner of this server");
    expect_page("/partner-invitation?partnerId=x", 404, "no partner of this server");
    expect_page("/partner-invitation?partnerId=" UNKNOWN, 404, "no partner of this server");
}

/* ---- who may call ---- */

static void test_what_needs_a_user_refuses_an_application(void **state) {
    (void)state;
    static const char *const for_users[] = {CUSTOMER(DIRECT) "/profiles/company",
                                            CUSTOMER(DIRECT) "/relationships", RELATIONSHIPS,
                                            "/v1/customers/relationshiprequests"};
    static const char *const for_all[] = {CUSTOMER(DIRECT) "/profiles/billing", "/v1/profiles/organization",
                                          "/v1/countryvalidationrules/DE",
                                          "/v1/validations/checkdomainavailability/x"};
    for (size_t i = 0; i < CLTI_COUNT(for_users); i++) {
        assert_int_equal(get(for_users[i])->status, 200);
        scene_expect_fault(clti_test_get(strict.client, for_users[i], NULL), 403, 900329, NULL, for_users[i]);
    }
    for (size_t i = 0; i < CLTI_COUNT(for_all); i++) {
        assert_int_equal(clti_test_get(strict.client, for_all[i], NULL)->status, 200);
        scene_expect_fault(
            clti_test_send(strict.client, &(clti_test_request){.target = for_all[i], .authorization = ""}),
            401, 800001, NULL, for_all[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_company_profile_is_the_customers_own),
        cmocka_unit_test(test_a_billing_profile_has_the_customers_etag_in_body_and_header),
        cmocka_unit_test(test_the_etag_changes_with_the_billing_profile),
        cmocka_unit_test(test_profiles_of_customers_that_are_not_the_callers_are_refused),
        cmocka_unit_test(test_an_organization_sees_itself),
        cmocka_unit_test(test_a_domain_is_taken_or_free),
        cmocka_unit_test(test_a_domain_is_asked_for_with_head_alone),
        cmocka_unit_test(test_an_address_is_validated_in_the_form_that_the_client_knows),
        cmocka_unit_test(test_a_body_that_is_no_address_is_refused),
        cmocka_unit_test(test_the_rules_of_the_united_states_are_as_recorded),
        cmocka_unit_test(test_countries_are_found_or_refused),
        cmocka_unit_test(test_a_provider_sees_its_resellers_by_name),
        cmocka_unit_test(test_a_reseller_sees_its_provider_and_others_nobody),
        cmocka_unit_test(test_queries_of_relationships_that_are_wrong_are_refused),
        cmocka_unit_test(test_a_customer_has_its_reseller_or_none),
        cmocka_unit_test(test_a_relationship_request_is_an_address_with_the_partner_in_it),
        cmocka_unit_test(test_the_address_of_a_relationship_request_leads_to_a_page),
        cmocka_unit_test(test_what_needs_a_user_refuses_an_application),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
