import { Play, RotateCcw } from 'lucide-preact';
import { background } from '../../app/background.ts';
import { Button } from '../../design/index.ts';
import { text } from '../../text/index.ts';
import { canRetry } from '../playback/PlaybackProblem.ts';
import type { ReplayPlayer } from '../playback/ReplayPlayer.ts';

/** Shown over the middle of the video: a problem, a spinner, or the start button. */
export function StageOverlay({ player, flash }: { player: ReplayPlayer | undefined; flash: string | undefined }) {
  if (!player) return <Spinner />;
  const problem = player.problem.value;
  if (problem) {
    return (
      <div class="replay-stage__problem" role="alert">
        <p>{text.watch.problems[problem]}</p>
        {canRetry(problem) ? (
          <Button onClick={() => player.retry()}>
            <RotateCcw aria-hidden="true" size={18} />
            {text.actions.tryAgain}
          </Button>
        ) : null}
      </div>
    );
  }
  if (player.isStalled.value) return <Spinner />;
  if (!player.hasStarted.value && player.isPaused.value) {
    return (
      <Button variant="primary" class="replay-stage__start" aria-label={text.watch.play} onClick={() => background(player.play())}>
        <Play aria-hidden="true" size={32} fill="currentcolor" />
      </Button>
    );
  }
  return flash === undefined ? null : <span class="replay-stage__flash tabular">{flash}</span>;
}

function Spinner() {
  return (
    <div class="replay-stage__wait" role="status">
      <span class="spinner" aria-hidden="true" />
      <span class="unseen">{text.watch.waiting}</span>
    </div>
  );
}
