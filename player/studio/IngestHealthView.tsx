import type { IngestHealth } from '#engine/contract';
import { Notice } from '../design/index.ts';
import type { Tone } from '../design/index.ts';
import { formatBitrate, formatNumber } from '../text/format.ts';
import { text } from '../text/index.ts';

const texts = text.studio.obs;
const tones: Record<IngestHealth['state'], Tone> = { connecting: 'normal', running: 'good', refused: 'danger', gone: 'warning' };

/** The state of the encoder's stream: a summary, advice and measurements. */
export function IngestHealthView({ health }: { health: IngestHealth | null }) {
  if (!health) return <Notice>{texts.waiting}</Notice>;
  const hasAdvice = health.advice.length > 0;
  return (
    <section class="health" aria-label={texts.health}>
      <HealthSummary health={health} />
      {hasAdvice ? (
        <div class="stack-tight">
          <h3>{texts.adviceTitle}</h3>
          <ul class="health__advice">
            {health.advice.map((advice) => (
              <li key={advice}>{advice}</li>
            ))}
          </ul>
        </div>
      ) : null}
      {health.state === 'running' ? <Figures health={health} /> : null}
    </section>
  );
}

/** Whether the stream arrives, and whether anything is wrong with it. */
function HealthSummary({ health }: { health: IngestHealth }) {
  const isRunning = health.state === 'running';
  const isGood = isRunning && health.advice.length === 0 && !health.problem;
  return (
    <Notice tone={isRunning && !isGood ? 'warning' : tones[health.state]}>
      <strong>{texts.states[health.state]}</strong>
      {health.problem ? <div>{health.problem}</div> : null}
      {isGood ? <div>{texts.allGood}</div> : null}
      {isRunning && health.isReencoded ? <div>{texts.reencoded}</div> : null}
    </Notice>
  );
}

function Figures({ health }: { health: IngestHealth }) {
  const figures: readonly [string, string | undefined][] = [
    [texts.resolution, health.widthPx && health.heightPx ? `${health.widthPx} × ${health.heightPx}` : undefined],
    [texts.frameRate, health.frameRate === null ? undefined : texts.framesPerSecond(formatNumber(health.frameRate))],
    [texts.videoBitrate, health.videoBitrateBps === null ? undefined : formatBitrate(health.videoBitrateBps)],
    [texts.audioBitrate, health.audioBitrateBps === null ? undefined : formatBitrate(health.audioBitrateBps)],
    [texts.keyframes, health.keyframeIntervalSeconds === null ? undefined : texts.every(formatNumber(health.keyframeIntervalSeconds))],
    [texts.bFrames, health.hasBFrames === null ? undefined : health.hasBFrames ? texts.yes : texts.no],
  ];
  return (
    <dl class="health__figures tabular">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value ?? texts.unknown}</dd>
        </div>
      ))}
    </dl>
  );
}
