import { Field } from '@fluentui/react-field';
import { Input } from '@fluentui/react-input';
import { Select } from '@fluentui/react-select';
import { useQuery } from '@tanstack/react-query';
import type { CountryRules } from '../../api/types';
import { countryName, locale, t } from '../../app/messages';
import { fetchRules } from './api';
import { COUNTRIES } from './countries';
import type { FormField, Values } from './fields';
import { COUNTRY } from './fields';

const byName = new Intl.Collator(locale);
const COUNTRY_CHOICES = COUNTRIES.map((code) => ({ code, name: countryName(code) })).sort((a, b) => byName.compare(a.name, b.name));

/** The country's rules; undefined until they are there. */
export function useRules(country: string | undefined) {
  return useQuery({
    queryKey: ['country', country],
    queryFn: ({ signal }) => fetchRules(country ?? '', signal),
    enabled: Boolean(country),
    staleTime: Infinity,
  });
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
