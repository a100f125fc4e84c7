import { useState } from 'preact/hooks';
import type { Attempt, VideoMoment } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { api } from '../app/services.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, Dialog, DialogActions, Loading } from '../design/index.ts';
import { Markdown } from '../markdown/Markdown.tsx';
import { text } from '../text/index.ts';
import { AttemptForm } from './AttemptForm.tsx';
import { QuestionOutcome } from './QuestionOutcome.tsx';

interface AskDialogProps {
  videoId: string;
  moment: VideoMoment;
  /** `isDone`: it was answered or skipped, and the video goes on. */
  onClose: (isDone: boolean) => void;
}

/** Asks the questions of a moment of a video. */
export function AskDialog({ videoId, moment, onClose }: AskDialogProps) {
  const { data, error, reload } = useLoaded(() => api.startVideoAttempt({ params: { videoId, momentId: moment.id } }), [moment.id]);
  const [done, setDone] = useState<Attempt>();
  const attempt = done ?? data;
  const isAnswered = attempt?.state === 'handedIn';
  return (
    <Dialog title={text.quizzes.video.title} isKept onClose={() => onClose(isAnswered || !moment.isRequired)}>
      {attempt ? isAnswered ? <Answered attempt={attempt} /> : <AttemptForm attempt={attempt} isShort onDone={setDone} /> : error ? <LoadFailure error={error} onRetry={reload} /> : <Loading />}
      <DialogActions>
        {isAnswered ? (
          <Button variant="primary" autofocus onClick={() => onClose(true)}>
            {text.quizzes.video.continue}
          </Button>
        ) : moment.isRequired && !error ? (
          <p class="quiet small">{text.quizzes.video.required}</p>
        ) : (
          <Button variant="quiet" onClick={() => onClose(true)}>
            {text.quizzes.video.skip}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}

function Answered({ attempt }: { attempt: Attempt }) {
  return (
    <>
      {attempt.questions.map((question) => (
        <section key={question.id} class="question">
          <Markdown>{question.prompt}</Markdown>
          <QuestionOutcome question={question} />
        </section>
      ))}
    </>
  );
}
