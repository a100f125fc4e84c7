import type { SiteSetting, SiteSettings } from '#api/contract';
import { Checkbox, Select, TextArea, TextField } from '../design/index.ts';
import { fromLocalInput, toLocalInput } from '../text/format.ts';
import { text } from '../text/index.ts';

interface SettingFieldProps {
  name: SiteSetting;
  values: SiteSettings;
  error: string | undefined;
  onValue: (value: SiteSettings[SiteSetting]) => void;
}

type Kind = 'line' | 'optionalLine' | 'lines' | 'paragraph' | 'number' | 'optionalNumber' | 'time' | 'switch' | 'choice';

const kinds: Record<SiteSetting, Kind> = {
  siteName: 'line',
  supportAddress: 'optionalLine',
  signup: 'choice',
  signupDomains: 'lines',
  signupRole: 'choice',
  maxCoursesPerInstructor: 'optionalNumber',
  rateLimitPercent: 'number',
  auditDays: 'number',
  failedJobDays: 'number',
  bannerText: 'paragraph',
  bannerKind: 'choice',
  bannerUntil: 'time',
  isInMaintenance: 'switch',
  maintenanceNote: 'paragraph',
};

/** The control of one setting. */
export function SettingField({ name, values, error, onValue }: SettingFieldProps) {
  const { labels, hints, choices } = text.administration.settings;
  const about = { label: labels[name], hint: (hints as Partial<Record<SiteSetting, string>>)[name], error };
  const value = values[name];
  switch (kinds[name]) {
    case 'switch':
      return <Checkbox label={about.label} hint={about.hint ?? ''} isChecked={value === true} onChecked={onValue} />;
    case 'choice': {
      const labelled = Object.entries((choices as Partial<Record<SiteSetting, Readonly<Record<string, string>>>>)[name] ?? {});
      return <Select {...about} value={String(value)} choices={labelled.map(([choice, label]) => ({ value: choice, label }))} onValue={(chosen) => onValue(chosen as SiteSettings[SiteSetting])} />;
    }
    case 'lines':
      return <TextArea {...about} rows={3} spellcheck={false} value={(value as string[]).join('\n')} onValue={(entered) => onValue(linesOf(entered))} />;
    case 'paragraph':
      return <TextArea {...about} rows={2} value={String(value)} onValue={onValue} />;
    case 'number':
    case 'optionalNumber':
      return <TextField {...about} type="number" inputMode="numeric" value={numberText(value)} onValue={(entered) => onValue(entered === '' && kinds[name] === 'optionalNumber' ? null : Number(entered))} />;
    case 'time':
      return <TextField {...about} type="datetime-local" value={value === null ? '' : toLocalInput(new Date(String(value)))} onValue={(entered) => onValue(fromLocalInput(entered))} />;
    case 'optionalLine':
      return <TextField {...about} value={value === null ? '' : String(value)} onValue={(entered) => onValue(entered.trim() === '' ? null : entered)} />;
    case 'line':
      return <TextField {...about} value={String(value)} onValue={onValue} />;
  }
}

function numberText(value: unknown): string {
  return value === null || value === 0 ? '' : String(value);
}

/** An empty line at the end stays while somebody types. */
function linesOf(entered: string): string[] {
  const lines = entered.split('\n');
  return lines.filter((line, index) => line.trim() !== '' || index === lines.length - 1);
}
