import { useEffect, useRef, useState } from 'preact/hooks';
import { background } from '../app/background.ts';
import { text } from '../text/index.ts';
import { LevelMeter } from './LevelMeter.ts';

/** Speech is above this level, background noise below. */
const speechLevel = 0.25;
const silentAfterMs = 4000;
const announceEveryMs = 500;

/** The microphone level, with a text that says whether it picks up audio, and whether students hear it. */
export function LevelBar({ track, isMuted, isHeard }: { track: MediaStreamTrack; isMuted: boolean; isHeard: boolean }) {
  const bar = useRef<HTMLSpanElement>(null);
  const meterElement = useRef<HTMLDivElement>(null);
  const [isSilent, setSilent] = useState(false);

  useEffect(() => {
    const meter = new LevelMeter(track);
    let lastSpeechAt = performance.now();
    let announcedAt = 0;
    let frame = requestAnimationFrame(show);
    function show(now: number) {
      const level = track.enabled ? meter.read() : 0;
      if (level > speechLevel || !meter.isRunning || !track.enabled) lastSpeechAt = now;
      if (bar.current) bar.current.style.transform = `scaleX(${level})`;
      if (now - announcedAt > announceEveryMs) {
        announcedAt = now;
        meterElement.current?.setAttribute('aria-valuenow', String(Math.round(level * 100)));
        setSilent(now - lastSpeechAt > silentAfterMs);
      }
      frame = requestAnimationFrame(show);
    }
    const resume = () => background(meter.resume());
    document.addEventListener('pointerdown', resume);
    return () => {
      cancelAnimationFrame(frame);
      document.removeEventListener('pointerdown', resume);
      background(meter.close());
    };
  }, [track]);

  const working = isHeard ? text.studio.levelHeard : text.studio.levelGood;
  const label = isMuted ? text.studio.levelMuted : isSilent ? text.studio.levelSilent : working;
  return (
    <div class="level">
      <div ref={meterElement} class="level__track" role="meter" aria-label={text.studio.level} aria-valuemin={0} aria-valuemax={100} aria-valuenow={0}>
        <span ref={bar} class="level__bar" />
      </div>
      <span class={`small ${isMuted || isSilent ? 'level__warning' : 'quiet'}`} role="status">
        {label}
      </span>
    </div>
  );
}
