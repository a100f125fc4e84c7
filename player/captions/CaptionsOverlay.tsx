import type { ReplayPlayer } from '../vod/playback/ReplayPlayer.ts';
import type { Captions } from './Captions.ts';
import { cuesAt } from './Captions.ts';
import { CueText } from './CueText.tsx';
import './captions.css';

/** The controls of the player are hidden after some seconds, and captions are not. */
const alwaysShown = { noautohide: '' };

/** The captions over the video, also in full screen. */
export function CaptionsOverlay({ captions, player }: { captions: Captions; player: ReplayPlayer | undefined }) {
  const track = captions.chosen.value;
  if (!track || !player) return null;
  const { size, hasBackground } = captions.settings.value;
  const cues = cuesAt(captions.cues.value, player.positionSeconds.value * 1000);
  return (
    <div {...alwaysShown} class={`captions captions--${size}${hasBackground ? ' captions--background' : ''}`} lang={track.language}>
      {cues.map((cue) => (
        <p key={`${cue.startMs} ${cue.text}`} dir="auto">
          <span>
            <CueText text={cue.text} />
          </span>
        </p>
      ))}
    </div>
  );
}
