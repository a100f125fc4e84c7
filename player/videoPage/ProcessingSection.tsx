import { CircleCheck, Circle, CircleDot } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { VideoView } from '#api/contract';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { Button, ConfirmDialog, Notice, showToast } from '../design/index.ts';
import { ShareBar } from '../progress/ShareBar.tsx';
import { formatPercent } from '../text/format.ts';
import { text } from '../text/index.ts';
import { failureSentence } from '../uploads/failureSentence.ts';
import { stageName } from '../uploads/stageName.ts';
import { uploads } from '../uploads/uploads.ts';
import { Renditions } from './Renditions.tsx';
import { stepsOf } from './workSteps.ts';
import type { SectionProps } from './SectionProps.ts';

/** What is being made of the video, and what there is. */
export function ProcessingSection({ video, onReload }: SectionProps) {
  return (
    <div class="course-body">
      <section class="section" aria-label={text.videoPage.processing}>
        <StateNotice video={video} />
        {video.work ? <Steps video={video} /> : null}
        <WorkButtons video={video} onReload={onReload} />
      </section>
      <section class="section">
        <h2>{text.videoPage.renditions}</h2>
        <Renditions renditions={video.renditions} />
      </section>
    </div>
  );
}

function StateNotice({ video }: { video: VideoView }) {
  const t = text.videoPage.state;
  if (video.state === 'failed') {
    return (
      <Notice tone="danger">
        {t.failed} {video.failure ? failureSentence(video.failure) : ''}
      </Notice>
    );
  }
  if (video.state === 'live') return <Notice>{t.live}</Notice>;
  if (video.state === 'processing') return <Notice>{t.processing}</Notice>;
  if (video.work) return <Notice>{t.readyWorking}</Notice>;
  return <Notice tone="good">{video.renditions.length === 0 ? t.readyRecording : t.ready}</Notice>;
}

function Steps({ video: { work, source } }: { video: VideoView }) {
  if (!work) return null;
  const icons = { done: CircleCheck, now: CircleDot, later: Circle } as const;
  return (
    <ol class="steps-of-work" aria-label={text.videoPage.stages}>
      {stepsOf(work.stage, source).map(({ stage, state }) => {
        const Icon = icons[state];
        return (
          <li key={stage} class={`step step--${state}`} aria-current={state === 'now' ? 'step' : undefined}>
            <Icon aria-hidden="true" size={20} />
            <span class="step__name">
              {stageName(stage)}
              {state === 'done' ? <span class="unseen">{text.videoPage.doneStage}</span> : null}
            </span>
            {state === 'now' ? (
              <>
                <ShareBar share={work.share} />
                <span class="tabular small">{formatPercent(work.share)}</span>
              </>
            ) : null}
          </li>
        );
      })}
    </ol>
  );
}

function WorkButtons({ video, onReload }: { video: VideoView; onReload: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const params = { videoId: video.id };
  const again = useToastedAction(async () => {
    await api.transcodeVideo({ params, body: {} });
    uploads.peek()?.watch.follow({ videoId: video.id, courseId: video.courseId, title: video.title, uploadId: null });
    showToast({ text: text.videoPage.againStarted });
    setAsking(false);
    onReload();
  });
  const cancel = useToastedAction(async () => {
    await api.cancelTranscode({ params });
    showToast({ text: text.videoPage.workCancelled });
    onReload();
  });
  if (video.state === 'live' || video.deletedAt !== null) return null;
  return (
    <div class="row">
      {video.work ? (
        <Button isBusy={cancel.isBusy} onClick={() => cancel.run()}>
          {text.videoPage.cancelWork}
        </Button>
      ) : (
        <Button onClick={() => setAsking(true)}>{text.videoPage.again}</Button>
      )}
      {isAsking ? (
        <ConfirmDialog
          title={text.videoPage.againTitle}
          message={text.videoPage.againMessage}
          confirmLabel={text.videoPage.again}
          variant="primary"
          isBusy={again.isBusy}
          onConfirm={() => again.run()}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </div>
  );
}
