/** What a form asks of a customer. A field's path is its place in the JSON, and in PascalCase its name in the service's errors. */
import type { CountryRules } from '../../api/types';
import type { MessageKey } from '../../app/messages';

export interface FormField {
  readonly path: string;
  readonly title: MessageKey;
  readonly part: 'company' | 'contact' | 'address';
  /** Asked only when a customer is made. */
  readonly isNew?: boolean;
  readonly required?: boolean | ((rules: CountryRules) => boolean | undefined);
  readonly pattern?: (rules: CountryRules) => string | undefined;
  readonly choices?: (rules: CountryRules) => readonly string[];
  /** Asked only where the country wants it. */
  readonly wanted?: (rules: CountryRules) => boolean | undefined;
  readonly type?: 'email' | 'tel';
}

const BILLING = 'billingProfile.';
const ADDRESS = 'billingProfile.defaultAddress.';

export const COUNTRY = `${ADDRESS}country`;
export const CULTURE = `${BILLING}culture`;
export const STATE = `${ADDRESS}state`;
export const LANGUAGE = `${BILLING}language`;

export const FIELDS: readonly FormField[] = [
  { path: `${BILLING}companyName`, title: 'customer.name', part: 'company', required: true },
  { path: 'companyProfile.domain', title: 'customer.domain', part: 'company', required: true, isNew: true },
  { path: COUNTRY, title: 'customer.country', part: 'company', required: true },
  { path: CULTURE, title: 'customer.culture', part: 'company', required: true, choices: (rules) => rules.supportedCulturesList },
  { path: LANGUAGE, title: 'customer.language', part: 'company', required: true, choices: (rules) => rules.supportedLanguagesList },
  {
    path: 'companyProfile.organizationRegistrationNumber',
    title: 'customer.registration',
    part: 'company',
    isNew: true,
    required: true,
    pattern: (rules) => rules.customerOrganizationRegistrationNumberRegex,
    wanted: (rules) => rules.customerOrganizationRegistrationNumberRequired,
  },
  { path: `${BILLING}email`, title: 'customer.email', part: 'contact', required: true, type: 'email' },
  { path: `${BILLING}firstName`, title: 'customer.firstName', part: 'contact' },
  { path: `${BILLING}lastName`, title: 'customer.lastName', part: 'contact' },
  { path: `${ADDRESS}firstName`, title: 'customer.firstName', part: 'address', required: true },
  { path: `${ADDRESS}lastName`, title: 'customer.lastName', part: 'address', required: true },
  { path: `${ADDRESS}addressLine1`, title: 'customer.addressLine1', part: 'address', required: true },
  { path: `${ADDRESS}addressLine2`, title: 'customer.addressLine2', part: 'address' },
  { path: `${ADDRESS}city`, title: 'customer.city', part: 'address', required: (rules) => rules.isCityRequired },
  {
    path: STATE,
    title: 'customer.state',
    part: 'address',
    required: (rules) => rules.isStateRequired,
    choices: (rules) => rules.supportedStatesList,
  },
  {
    path: `${ADDRESS}postalCode`,
    title: 'customer.postalCode',
    part: 'address',
    required: (rules) => rules.isPostalCodeRequired,
    pattern: (rules) => rules.postalCodeRegex,
  },
  {
    path: `${ADDRESS}phoneNumber`,
    title: 'customer.phone',
    part: 'address',
    type: 'tel',
    required: (rules) => rules.customerOrganizationPhoneNumberRequired,
    pattern: (rules) => rules.phoneNumberRegex,
  },
];

/** What of it can be changed later. */
export const BILLING_FIELDS = FIELDS.filter(({ isNew }) => !isNew);

/** By path. */
export type Values = Readonly<Record<string, string>>;
type Json = { [name: string]: unknown };

export const readPath = (from: unknown, path: string): string => {
  const value = path.split('.').reduce<unknown>((at, name) => (at as Json | undefined)?.[name], from);
  return value === undefined || value === null ? '' : String(value);
};

/** A copy with a value set, or removed if it is empty; nothing else is touched. */
export function withPath(into: unknown, path: string, value: string): Json {
  const [name = '', ...rest] = path.split('.');
  const copy: Json = { ...(into as Json | undefined) };
  if (rest.length) copy[name] = withPath(copy[name], rest.join('.'), value);
  else if (value) copy[name] = value;
  else delete copy[name];
  return copy;
}

export const readValues = (from: unknown, fields: readonly FormField[]): Values =>
  Object.fromEntries(fields.map(({ path }) => [path, readPath(from, path)]));

export const withValues = (into: unknown, values: Values): unknown =>
  Object.entries(values).reduce<unknown>((at, [path, value]) => withPath(at, path, value.trim()), into);

/** A state of the country before is none of the new one, unless that has it as well. What was typed freely stays, if it may be so. */
function isStateKept(state: string, rules: CountryRules, before: CountryRules | undefined) {
  const states = rules.supportedStatesList ?? [];
  return states.length > 0 ? states.includes(state) : !before?.supportedStatesList?.includes(state);
}

/** A new country's own culture and language, where the old ones are none of its; a state that is none of its goes. */
export function withRules(values: Values, rules: CountryRules, before?: CountryRules): Values {
  const { supportedCulturesList: cultures, supportedLanguagesList: languages } = rules;
  const culture = values[CULTURE] ?? '';
  const language = values[LANGUAGE] ?? '';
  const state = values[STATE];
  return {
    ...values,
    ...(state && !isStateKept(state, rules, before) && { [STATE]: '' }),
    [CULTURE]: cultures.includes(culture) ? culture : rules.defaultCulture,
    [LANGUAGE]: languages.includes(language) ? language : (languages[0] ?? ''),
  };
}

/**
 * What is wrong, as far as it can be told before anything is sent: by the country's rules, or, while no country is chosen, by what
 * all of them want. `missing` and `invalid` are texts.
 */
export function checkValues(values: Values, fields: readonly FormField[], rules: CountryRules | undefined, missing: string, invalid: string): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { path, required, pattern, wanted } of fields) {
    const value = values[path]?.trim() ?? '';
    const expression = rules && pattern?.(rules);
    if (wanted && !(rules && wanted(rules))) continue;
    if (!value && (typeof required === 'function' ? rules && required(rules) : required)) errors[path] = missing;
    if (value && expression && !new RegExp(expression).test(value)) errors[path] = invalid;
  }
  return errors;
}
