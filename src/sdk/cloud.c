/* The national clouds of api.md 1.1; tests/sdk/test_cloud.c holds them against it. */
#include "base/base.h"
#include "clientele/partner.h"

static const clt_cloud CLOUDS[CLT_CLOUD_COUNT] = {
    [CLT_CLOUD_GLOBAL] = {"global", "https://api.partnercenter.microsoft.com",
                          "https://login.microsoftonline.com", "https://graph.windows.net"},
    [CLT_CLOUD_CHINA] = {"china", "https://partner.partnercenterapi.microsoftonline.cn",
                         "https://login.chinacloudapi.cn", "https://graph.chinacloudapi.cn"},
    [CLT_CLOUD_GERMANY] = {"germany", "https://api.partnercenter.microsoft.com",
                           "https://login.microsoftonline.de", "https://graph.cloudapi.de"},
    [CLT_CLOUD_US_GOVERNMENT] = {"us-government", "https://api.partnercenter.microsoft.com",
                                 "https://login.microsoftonline.us", "https://graph.windows.net"},
};

const clt_cloud *clt_cloud_get(int32_t cloud) {
    return cloud >= 0 && cloud < CLT_CLOUD_COUNT ? &CLOUDS[cloud] : NULL;
}

int32_t clt_cloud_find(const char *name) {
    for (int32_t i = 0; i < CLT_CLOUD_COUNT; i++)
        if (clti_str_equal_nocase(clti_str(name), clti_str(CLOUDS[i].name)))
            return i;
    return -1;
}
