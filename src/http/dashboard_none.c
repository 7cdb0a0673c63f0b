/* In place of what dashboard/build.js makes, when the program is built without. */
#include "http/dashboard_private.h"

const clti_dashboard_file *const CLTI_DASHBOARD_FILES = NULL;
const size_t CLTI_DASHBOARD_FILE_COUNT = 0;
