import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiError, SiteSettingsChange } from '#api/contract';
import type { SiteSetting, SiteSettings } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { api } from '../app/services.ts';
import { refreshSiteNotice } from '../app/siteNotice.ts';
import { useAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, Notice, showToast, SkeletonList } from '../design/index.ts';
import { text } from '../text/index.ts';
import { SettingField } from './SettingField.tsx';

interface Loaded {
  version: number;
  settings: SiteSettings;
}

type GroupTitle = 'general' | 'signUp' | 'limits' | 'uploads' | 'storage' | 'retention' | 'banner' | 'maintenance';

const groups: readonly { key: GroupTitle; fields: readonly SiteSetting[] }[] = [
  { key: 'general', fields: ['siteName', 'supportAddress'] },
  { key: 'signUp', fields: ['signup', 'signupDomains', 'signupRole'] },
  { key: 'limits', fields: ['maxCoursesPerInstructor', 'rateLimitPercent'] },
  { key: 'uploads', fields: ['maxUploadGbOfInstructors', 'maxUploadGbOfOthers', 'uploadQuotaGbOfInstructors', 'uploadQuotaGbOfOthers', 'maxUnfinishedUploads'] },
  { key: 'storage', fields: ['infrequentAfterDays', 'archiveAfterDays', 'storageCurrency', 'standardPrice', 'infrequentPrice', 'archivePrice'] },
  { key: 'retention', fields: ['recordingDays', 'uploadDays', 'chatDays', 'auditDays', 'failedJobDays'] },
  { key: 'banner', fields: ['bannerText', 'bannerKind', 'bannerUntil'] },
  { key: 'maintenance', fields: ['isInMaintenance', 'maintenanceNote'] },
];

/** The settings that change while the site runs. */
export function SettingsSection() {
  const { data, error, reload, replace } = useLoaded((signal) => api.getSettings({}, { signal }), []);
  if (error && !data) return <LoadFailure error={error} onRetry={reload} />;
  if (!data) return <SkeletonList rows={6} height="3.5rem" />;
  return <SettingsForm loaded={data} onSaved={replace} />;
}

function SettingsForm({ loaded, onSaved }: { loaded: Loaded; onSaved: (saved: Loaded) => void }) {
  const [draft, setDraft] = useState<Partial<SiteSettings>>({});
  const [conflict, setConflict] = useState<readonly SiteSetting[]>([]);
  const changed = changesOf(draft, loaded.settings);
  const isChanged = Object.keys(changed).length > 0;
  const values = { ...loaded.settings, ...draft };
  const save = useAction(async () => {
    try {
      onSaved(await api.updateSettings({ body: { version: loaded.version, settings: changed } }));
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'settings.stale') throw error;
      setConflict(namesIn(error.problem.details?.changed));
      onSaved(await api.getSettings());
      return;
    }
    setDraft({});
    setConflict([]);
    showToast({ text: text.administration.settings.saved });
    await refreshSiteNotice();
  });
  useWarnBeforeLeaving(isChanged);
  // The problem of a list names its element: `settings.signupDomains.0`.
  const problemOf = (name: SiteSetting) => save.fieldProblem(name) ?? save.fieldProblem(`settings.${name}`) ?? save.fieldProblem(`settings.${name}.0`) ?? localProblem(name, draft);
  return (
    <form
      class="settings"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.run();
      }}
    >
      <p class="quiet">{text.administration.settings.intro}</p>
      {conflict.length > 0 ? <Notice tone="warning">{text.administration.settings.stale(conflict.map((name) => text.administration.settings.labels[name]).join(', '))}</Notice> : null}
      {groups.map(({ key, fields }) => (
        <Group key={key} title={text.administration.settings[key]}>
          {fields
            .filter((name) => name !== 'signupDomains' || values.signup === 'domains')
            .map((name) => (
              <SettingField key={name} name={name} values={values} error={problemOf(name)} onValue={(value) => setDraft((now) => ({ ...now, [name]: value }))} />
            ))}
        </Group>
      ))}
      <div class="settings__foot">
        <Button type="submit" variant="primary" isBusy={save.isBusy} disabled={!isChanged}>
          {text.administration.settings.save}
        </Button>
        {isChanged ? (
          <Button variant="quiet" onClick={() => setDraft({})}>
            {text.administration.settings.discard}
          </Button>
        ) : (
          <span class="quiet small">{text.administration.settings.unchanged}</span>
        )}
        {save.problem ? <Notice tone="danger">{save.problem}</Notice> : null}
      </div>
    </form>
  );
}

function Group({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <fieldset>
      <legend>{title}</legend>
      {children}
    </fieldset>
  );
}

function changesOf(draft: Partial<SiteSettings>, settings?: SiteSettings): Partial<SiteSettings> {
  const entries = Object.entries(draft).map(([name, value]) => [name, Array.isArray(value) ? value.filter((line) => line.trim() !== '') : value] as const);
  return Object.fromEntries(entries.filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(settings?.[name as SiteSetting])));
}

/** What is wrong with a value before the server has seen it. */
function localProblem(name: SiteSetting, draft: Partial<SiteSettings>): string | undefined {
  const value = changesOf(draft)[name];
  if (value === undefined) return undefined;
  return SiteSettingsChange.safeParse({ [name]: value }).error?.issues[0]?.message;
}

function namesIn(changed: unknown): SiteSetting[] {
  const known = text.administration.settings.labels;
  return Array.isArray(changed) ? changed.filter((name): name is SiteSetting => typeof name === 'string' && name in known) : [];
}

function useWarnBeforeLeaving(isChanged: boolean): void {
  useEffect(() => {
    if (!isChanged) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [isChanged]);
}
