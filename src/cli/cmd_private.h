/**
 * @file cmd_private.h
 * @brief Every command's row; each is defined in the cmd_<noun>.c of its noun.
 */
#ifndef CLTI_CLI_CMD_PRIVATE_H
#define CLTI_CLI_CMD_PRIVATE_H

#include "cli/command_private.h"

extern const clti_command clti_cmd_login;
extern const clti_command clti_cmd_logout;
extern const clti_command clti_cmd_whoami;
extern const clti_command clti_cmd_profile_list;
extern const clti_command clti_cmd_profile_use;
extern const clti_command clti_cmd_profile_remove;
extern const clti_command clti_cmd_customers_list;
extern const clti_command clti_cmd_customers_get;
extern const clti_command clti_cmd_customers_count;
extern const clti_command clti_cmd_customers_export;
extern const clti_command clti_cmd_customers_create;
extern const clti_command clti_cmd_billing_get;
extern const clti_command clti_cmd_billing_set;
extern const clti_command clti_cmd_billing_edit;
extern const clti_command clti_cmd_qualification_get;
extern const clti_command clti_cmd_qualification_set;
extern const clti_command clti_cmd_customers_remove_relationship;
extern const clti_command clti_cmd_customers_delete;
extern const clti_command clti_cmd_resellers_list;
extern const clti_command clti_cmd_domain_check;
extern const clti_command clti_cmd_address_validate;
extern const clti_command clti_cmd_audit_list;
extern const clti_command clti_cmd_open;
extern const clti_command clti_cmd_api;
extern const clti_command clti_cmd_completion;
extern const clti_command clti_cmd_version;

#endif
