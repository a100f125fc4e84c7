import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { plainCueText } from '#recorder/contract';
import { Button } from '../design/index.ts';
import { formatClock } from '../text/format.ts';
import { text } from '../text/index.ts';
import type { ReplayPlayer } from '../vod/playback/ReplayPlayer.ts';
import type { Captions, ShownCue } from './Captions.ts';
import { currentIndex } from './Captions.ts';
import { CueText } from './CueText.tsx';
import './captions.css';

/** The captions as a text that follows the video: a click plays from there, and the words of it can be found. */
export function Transcript({ captions, player }: { captions: Captions; player: ReplayPlayer | undefined }) {
  const [isOpen, setOpen] = useState(false);
  const [wanted, setWanted] = useState('');
  const track = captions.chosen.value;
  const { cues } = captions;
  const plain = useMemo(() => cues.value.map(({ text: words }) => plainCueText(words).toLowerCase()), [cues.value]);
  const found = cues.value.filter((_, index) => plain[index]?.includes(wanted.trim().toLowerCase()));
  const open = () => {
    if (!track) captions.toggle(text.locale);
    setOpen(!isOpen);
  };
  return (
    <section class="transcript" aria-label={text.captions.transcript}>
      <Button variant="quiet" aria-expanded={isOpen} onClick={open}>
        {isOpen ? text.captions.hideTranscript : text.captions.showTranscript}
      </Button>
      {isOpen && track ? (
        <>
          <input type="search" class="transcript__search" placeholder={text.captions.search} aria-label={text.captions.search} value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />
          <Lines cues={found} language={track.language} isFollowing={wanted.trim() === ''} player={player} />
          {found.length === 0 ? <p class="small quiet" role="status">{captions.hasFailed.value ? text.captions.failed : cues.value.length === 0 ? text.captions.loading : text.captions.nothingFound}</p> : null}
        </>
      ) : null}
    </section>
  );
}

interface LinesProps {
  cues: readonly ShownCue[];
  language: string;
  isFollowing: boolean;
  player: ReplayPlayer | undefined;
}

function Lines({ cues, language, isFollowing, player }: LinesProps) {
  const list = useRef<HTMLOListElement>(null);
  const current = currentIndex(cues, (player?.positionSeconds.value ?? 0) * 1000);
  useEffect(() => {
    const box = list.current;
    const line = box?.children[current];
    // Only the list scrolls, not the page; and not while a person reads or chooses in it.
    if (!box || !(line instanceof HTMLElement) || !isFollowing || box.matches(':hover, :focus-within')) return;
    box.scrollTop = line.offsetTop - box.offsetTop - box.clientHeight / 3;
  }, [current, isFollowing]);
  return (
    <ol class="transcript__lines" ref={list} lang={language}>
      {cues.map((cue, index) => (
        <li key={`${cue.startMs} ${index}`} aria-current={index === current ? 'true' : undefined}>
          <button type="button" onClick={() => player?.seekTo(cue.startMs / 1000)}>
            <span class="transcript__time tabular">{formatClock(cue.startMs)}</span>
            <span dir="auto">
              <CueText text={cue.text} />
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
