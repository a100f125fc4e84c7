import { useState } from 'preact/hooks';
import type { CourseRetention, RetainedVideo, RetentionRule, RetentionView } from '#api/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useAction, useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, Select, showToast, TextField } from '../design/index.ts';
import { formatMoment, formatNumber } from '../text/format.ts';
import { text } from '../text/index.ts';
import '../storage/storage.css';

const parts = ['recordings', 'uploads', 'chat'] as const;
type Part = (typeof parts)[number];
const siteDays = { recordings: 'recordingDays', uploads: 'uploadDays', chat: 'chatDays' } as const;

/** After how long videos and chats of a course are deleted, and which videos will be. */
export function RetentionForm({ courseId }: { courseId: string }) {
  const { data, error, reload, replace } = useLoaded((signal) => api.getRetention({ params: { courseId } }, { signal }), [courseId]);
  if (error && !data) return <LoadFailure error={error} onRetry={reload} />;
  if (!data) return null;
  return (
    <>
      <Rules key={JSON.stringify(data.retention)} courseId={courseId} view={data} onView={replace} />
      <PlannedVideos view={data} onChanged={reload} />
    </>
  );
}

function Rules({ courseId, view, onView }: { courseId: string; view: RetentionView; onView: (view: RetentionView) => void }) {
  const [draft, setDraft] = useState<Record<Part, RetentionRule>>(view.retention);
  const save = useAction(async () => {
    onView(await api.setRetention({ params: { courseId }, body: draft satisfies CourseRetention }));
    showToast({ text: text.course.saved });
  });
  const isWrong = parts.some((part) => typeof draft[part] === 'number' && !(Number.isInteger(draft[part]) && draft[part] > 0));
  const isChanged = JSON.stringify(draft) !== JSON.stringify(view.retention);
  return (
    <ActionForm title={text.retention.title} action={save}>
      <p class="quiet">{text.retention.intro}</p>
      {parts.map((part) => (
        <RuleField key={part} part={part} rule={draft[part]} siteRule={view.site[siteDays[part]]} error={save.fieldProblem(part)} onRule={(rule) => setDraft((now) => ({ ...now, [part]: rule }))} />
      ))}
      <div class="row">
        <Button type="submit" isBusy={save.isBusy} disabled={!isChanged || isWrong}>
          {text.retention.save}
        </Button>
      </div>
    </ActionForm>
  );
}

interface RuleFieldProps {
  part: Part;
  rule: RetentionRule;
  siteRule: number | null;
  error: string | undefined;
  onRule: (rule: RetentionRule) => void;
}

/** Two years: what many sites choose. */
const suggestedDays = 730;

function RuleField({ part, rule, siteRule, error, onRule }: RuleFieldProps) {
  const words = text.retention;
  const choice = typeof rule === 'number' ? 'days' : rule;
  const choices = [
    { value: 'site', label: words.rules.site(siteRule === null ? null : formatNumber(siteRule)) },
    { value: 'never', label: words.rules.never },
    { value: 'days', label: words.rules.days },
  ];
  const isWrong = typeof rule === 'number' && !(Number.isInteger(rule) && rule > 0);
  return (
    <div class="field-pair">
      <Select label={words[part]} hint={part === 'chat' ? words.chatHint : undefined} value={choice} choices={choices} onValue={(value) => onRule(value === 'days' ? suggestedDays : (value as 'site' | 'never'))} />
      {typeof rule === 'number' ? <TextField label={words.days} type="number" min={1} inputMode="numeric" value={Number.isNaN(rule) ? '' : String(rule)} error={isWrong ? words.daysWrong : error} onValue={(value) => onRule(value === '' ? Number.NaN : Number(value))} /> : null}
    </div>
  );
}

function PlannedVideos({ view, onChanged }: { view: RetentionView; onChanged: () => void }) {
  const words = text.retention;
  const change = useToastedAction(async ({ id }: RetainedVideo, isKept: boolean) => {
    await api.keepVideo({ params: { videoId: id }, body: { isKept } });
    showToast({ text: isKept ? words.keptNow : words.released });
    onChanged();
  });
  const [planned, kept] = [view.videos.filter(({ retainUntil }) => retainUntil !== null), view.videos.filter(({ isKept }) => isKept)];
  const { recordingDays, uploadDays } = view.effective;
  if (planned.length === 0 && kept.length === 0) return recordingDays === null && uploadDays === null ? null : <p class="quiet">{words.none}</p>;
  const row = (video: RetainedVideo) => (
    <li key={video.id} class="retention__video">
      <div class="grow">
        <a href={paths.watch(video.id)} dir="auto">
          {video.title}
        </a>
        {video.retainUntil === null ? null : <div class="small quiet">{words.until(formatMoment(video.retainUntil, { dateStyle: 'long' }))}</div>}
      </div>
      <Button isBusy={change.isBusy} aria-label={video.isKept ? words.releaseOf(video.title) : words.keepOf(video.title)} onClick={() => change.run(video, !video.isKept)}>
        {video.isKept ? words.release : words.keep}
      </Button>
    </li>
  );
  return (
    <section class="section">
      {planned.length > 0 ? <h3>{words.planned}</h3> : null}
      <ul>{planned.map(row)}</ul>
      {kept.length > 0 ? <h3>{words.kept}</h3> : null}
      <ul>{kept.map(row)}</ul>
    </section>
  );
}
