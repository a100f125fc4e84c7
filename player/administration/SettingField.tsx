import type { ComponentType } from 'preact';
import type { SiteSetting, SiteSettings } from '#api/contract';
import { Checkbox, Select, TextArea, TextField } from '../design/index.ts';
import { fromLocalInput, toLocalInput } from '../text/format.ts';
import { text } from '../text/index.ts';

type Value = SiteSettings[SiteSetting];

interface ControlProps {
  about: { label: string; hint: string | undefined; error: string | undefined };
  name: SiteSetting;
  value: Value;
  onValue: (value: Value) => void;
}

const words = (value: Value) => (typeof value === 'string' ? value : '');
const figures = (value: Value) => (typeof value === 'number' && value !== 0 ? String(value) : '');

function Line({ about, value, onValue }: ControlProps) {
  return <TextField {...about} value={words(value)} onValue={onValue} />;
}

function OptionalLine({ about, value, onValue }: ControlProps) {
  return <TextField {...about} value={words(value)} onValue={(entered) => onValue(entered.trim() === '' ? null : entered)} />;
}

function Paragraph({ about, value, onValue }: ControlProps) {
  return <TextArea {...about} rows={2} value={words(value)} onValue={onValue} />;
}

/** An empty line at the end stays while somebody types. */
function Lines({ about, value, onValue }: ControlProps) {
  const entered = (lines: string) => onValue(lines.split('\n').filter((line, index, all) => line.trim() !== '' || index === all.length - 1));
  return <TextArea {...about} rows={3} spellcheck={false} value={Array.isArray(value) ? value.join('\n') : ''} onValue={entered} />;
}

function Figure({ about, value, onValue }: ControlProps) {
  return <TextField {...about} type="number" inputMode="numeric" value={figures(value)} onValue={(entered) => onValue(Number(entered))} />;
}

function OptionalFigure({ about, value, onValue }: ControlProps) {
  return <TextField {...about} type="number" inputMode="numeric" value={figures(value)} onValue={(entered) => onValue(entered === '' ? null : Number(entered))} />;
}

function Price({ about, value, onValue }: ControlProps) {
  return <TextField {...about} type="number" inputMode="decimal" step="any" min="0" value={typeof value === 'number' ? String(value) : ''} onValue={(entered) => onValue(entered === '' ? null : Number(entered))} />;
}

function Time({ about, value, onValue }: ControlProps) {
  return <TextField {...about} type="datetime-local" value={typeof value === 'string' ? toLocalInput(new Date(value)) : ''} onValue={(entered) => onValue(fromLocalInput(entered))} />;
}

function Switch({ about, value, onValue }: ControlProps) {
  return <Checkbox label={about.label} hint={about.hint ?? ''} isChecked={value === true} onChecked={onValue} />;
}

function Choices({ about, name, value, onValue }: ControlProps) {
  const labels = Object.entries((text.administration.settings.choices as Partial<Record<SiteSetting, Readonly<Record<string, string>>>>)[name] ?? {});
  return <Select {...about} value={words(value)} choices={labels.map(([choice, label]) => ({ value: choice, label }))} onValue={onValue} />;
}

const controls: Record<SiteSetting, ComponentType<ControlProps>> = {
  siteName: Line,
  supportAddress: OptionalLine,
  signup: Choices,
  signupDomains: Lines,
  signupRole: Choices,
  maxCoursesPerInstructor: OptionalFigure,
  maxUploadGbOfInstructors: Figure,
  maxUploadGbOfOthers: Figure,
  uploadQuotaGbOfInstructors: OptionalFigure,
  uploadQuotaGbOfOthers: OptionalFigure,
  maxUnfinishedUploads: Figure,
  rateLimitPercent: Figure,
  auditDays: Figure,
  failedJobDays: Figure,
  infrequentAfterDays: OptionalFigure,
  archiveAfterDays: OptionalFigure,
  storageCurrency: Line,
  standardPrice: Price,
  infrequentPrice: Price,
  archivePrice: Price,
  recordingDays: OptionalFigure,
  uploadDays: OptionalFigure,
  chatDays: OptionalFigure,
  bannerText: Paragraph,
  bannerKind: Choices,
  bannerUntil: Time,
  isInMaintenance: Switch,
  maintenanceNote: Paragraph,
};

interface SettingFieldProps {
  name: SiteSetting;
  values: SiteSettings;
  error: string | undefined;
  onValue: (value: Value) => void;
}

/** The control of one setting. A setting that is missing above does not compile. */
export function SettingField({ name, values, error, onValue }: SettingFieldProps) {
  const { labels, hints } = text.administration.settings;
  const Control = controls[name];
  return <Control name={name} value={values[name]} about={{ label: labels[name], hint: (hints as Partial<Record<SiteSetting, string>>)[name], error }} onValue={onValue} />;
}
