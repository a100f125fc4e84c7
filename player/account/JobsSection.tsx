import { useState } from 'preact/hooks';
import type { Job, JobState } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { usePolling } from '../app/useLoaded.ts';
import { Pager } from '../administration/Pager.tsx';
import { usePager } from '../administration/usePager.ts';
import { Badge, Button, Select, showToast } from '../design/index.ts';
import { formatDateTime, formatPercent } from '../text/format.ts';
import { text } from '../text/index.ts';

const refreshMs = 3000;

/** Those that need somebody come first. */
const shownStates: readonly JobState[] = ['dead', 'running', 'waiting', 'delayed', 'done', 'cancelled'];

const cancellable: ReadonlySet<JobState> = new Set<JobState>(['running', 'waiting', 'delayed']);

/** For administrators: what the server does in the background. */
export function JobsSection() {
  const [state, setState] = useState<JobState>('dead');
  const pages = usePager(async (after, signal) => {
    const { next, ...page } = await api.listJobs({ query: { state, after } }, { signal });
    return { ...page, nextCursor: next };
  }, [state]);
  const { data, error, reload } = pages;
  usePolling(reload, refreshMs);
  const cancel = useToastedAction(async (job: Job) => {
    await api.cancelJob({ params: { jobId: job.id } });
    showToast({ text: text.jobs.cancelled });
    reload();
  });
  const resend = useToastedAction(async (job: Job) => {
    await api.resendJob({ params: { jobId: job.id } });
    showToast({ text: text.jobs.resent });
    reload();
  });
  const choices = shownStates.map((value) => ({ value, label: text.jobs.choice(text.jobs.states[value], data?.counts[value] ?? 0) }));
  return (
    <section class="stack" aria-label={text.jobs.title}>
      <p class="quiet">{text.jobs.intro}</p>
      <Select label={text.jobs.show} value={state} choices={choices} onValue={(value) => setState(value as JobState)} />
      {error ? <LoadFailure error={error} onRetry={reload} /> : null}
      {data?.jobs.length === 0 ? <p class="quiet">{text.jobs.none}</p> : null}
      <ul class="stack-tight">
        {data?.jobs.map((job) => (
          <li key={job.id} class="login">
            <div class="grow">
              <div>{text.jobs.kinds[job.kind as keyof typeof text.jobs.kinds] ?? job.kind}</div>
              <div class="small quiet">
                {job.key} · {attemptsOf(job)} · {formatDateTime(job.changedAt)}
              </div>
              {job.progress !== null && job.state === 'running' ? <JobProgress job={job} progress={job.progress} /> : null}
              {job.error !== null && job.state !== 'done' ? <div class="small">{job.error}</div> : null}
            </div>
            {job.isCancelRequested ? <Badge tone="warning">{text.jobs.stopping}</Badge> : null}
            {job.state === 'dead' ? <Button onClick={() => resend.run(job)}>{text.jobs.resend}</Button> : null}
            {cancellable.has(job.state) && !job.isCancelRequested && (!job.isRepeated || job.state === 'running') ? (
              <Button onClick={() => cancel.run(job)}>{text.jobs.cancel}</Button>
            ) : null}
          </li>
        ))}
      </ul>
      <Pager pages={pages} />
    </section>
  );
}

function attemptsOf({ attempts, maxAttempts }: Job): string {
  return attempts === 0 ? text.jobs.notTried : text.jobs.attempts(attempts, maxAttempts);
}

function JobProgress({ job, progress }: { job: Job; progress: number }) {
  const label = text.jobs.progress(formatPercent(progress), job.progressNote);
  return (
    <div class="small">
      <progress aria-label={label} max={1} value={progress} /> {label}
    </div>
  );
}
