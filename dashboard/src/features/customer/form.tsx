import { Field } from '@fluentui/react-field';
import { Input } from '@fluentui/react-input';
import { Select } from '@fluentui/react-select';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { CountryRules } from '../../api/types';
import { countryName, locale, t } from '../../app/messages';
import { Failure } from '../../components/states';
import { fetchRules } from './api';
import { COUNTRIES } from './countries';
import type { FormField, Values } from './fields';
import { COUNTRY, withRules } from './fields';

const byName = new Intl.Collator(locale);
const COUNTRY_CHOICES = COUNTRIES.map((code) => ({ code, name: countryName(code) })).sort((a, b) => byName.compare(a.name, b.name));

/** The country's rules. */
export function useRules(country: string | undefined) {
  const rules = useQuery({
    queryKey: ['country', country],
    queryFn: ({ signal }) => fetchRules(country ?? '', signal),
    enabled: Boolean(country),
    staleTime: Infinity,
    // What cannot be had is told, not waited for.
    networkMode: 'always',
  });
  /** Those there are, or else those that can be fetched now; undefined: none, which the form tells. */
  const wait = async () => (country ? (rules.data ?? (await rules.refetch()).data) : undefined);
  return { data: rules.data, error: rules.error, retry: () => void rules.refetch(), wait };
}

/** Once a country is chosen and its rules are there, what is none of it goes. `isActive`: the values are the user's to change. */
export function useCountryChange(
  country: string | undefined,
  rules: CountryRules | undefined,
  isActive: boolean,
  onChange: (change: (values: Values) => Values) => void,
) {
  const last = useRef({ country, rules });
  useEffect(() => {
    if (!rules || !isActive) return;
    const before = last.current;
    last.current = { country, rules };
    if (before.country !== country) onChange((values) => withRules(values, rules, before.rules));
  }, [country, rules, isActive, onChange]);
}

export function RulesFailure({ rules }: { rules: ReturnType<typeof useRules> }) {
  return rules.error && <Failure title={t('form.noRules')} error={rules.error} onRetry={rules.retry} />;
}

interface Props {
  readonly fields: readonly FormField[];
  readonly values: Values;
  readonly errors: Values;
  readonly rules: CountryRules | undefined;
  readonly onChange: (values: Values) => void;
}

function choicesOf(field: FormField, rules: CountryRules | undefined, value: string) {
  if (field.path === COUNTRY) return COUNTRY_CHOICES;
  const listed = (rules && field.choices?.(rules)) ?? [];
  // What is there already stays a choice, so that nothing is lost.
  const codes = value && listed.length > 0 && !listed.includes(value) ? [value, ...listed] : listed;
  return codes.map((code) => ({ code, name: code }));
}

export function CustomerFields({ fields, values, errors, rules, onChange }: Props) {
  const parts = ['company', 'contact', 'address'] as const;
  return parts.map((part) => (
    <fieldset key={part} className="part">
      <legend>{t(`customer.part.${part}`)}</legend>
      <div className="form">
        {fields
          .filter((field) => field.part === part && (!field.wanted || (rules && field.wanted(rules))))
          .map((field) => {
            const value = values[field.path] ?? '';
            const set = (next: string) => onChange({ ...values, [field.path]: next });
            const required = typeof field.required === 'function' ? Boolean(rules && field.required(rules)) : Boolean(field.required);
            const choices = choicesOf(field, rules, value);
            const error = errors[field.path];
            return (
              <Field key={field.path} label={t(field.title)} required={required} {...(error && { validationMessage: error })}>
                {choices.length > 0 ? (
                  <Select name={field.path} value={value} onChange={(_, data) => set(data.value)}>
                    <option value=""></option>
                    {choices.map(({ code, name }) => (
                      <option key={code} value={code}>
                        {name}
                      </option>
                    ))}
                  </Select>
                ) : (
                  <Input
                    name={field.path}
                    type={field.type ?? 'text'}
                    input={{ dir: 'auto' }}
                    value={value}
                    onChange={(_, data) => set(data.value)}
                  />
                )}
              </Field>
            );
          })}
      </div>
    </fieldset>
  ));
}
