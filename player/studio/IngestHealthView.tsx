import type { IngestHealth } from '#engine/contract';
import { Notice } from '../design/index.ts';
import type { Tone } from '../design/index.ts';
import { formatBitrate, formatNumber } from '../text/format.ts';
import { text, translated } from '../text/index.ts';

const tones: Record<IngestHealth['state'], Tone> = { connecting: 'normal', running: 'good', refused: 'danger', gone: 'warning' };

/** The state of the encoder's stream: a summary, advice and measurements. */
export function IngestHealthView({ health }: { health: IngestHealth | null }) {
  if (!health) return <Notice>{text.studio.obs.waiting}</Notice>;
  const hasAdvice = health.advice.length > 0;
  return (
    <section class="health" aria-label={text.studio.obs.health}>
      <HealthSummary health={health} />
      {hasAdvice ? (
        <div class="stack-tight">
          <h3>{text.studio.obs.adviceTitle}</h3>
          <ul class="health__advice">
            {health.advice.map((advice) => (
              <li key={advice}>{translated(advice) ?? advice}</li>
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
      <strong>{text.studio.obs.states[health.state]}</strong>
      {health.problem ? <div>{translated(health.problem) ?? health.problem}</div> : null}
      {isGood ? <div>{text.studio.obs.allGood}</div> : null}
      {isRunning && health.isReencoded ? <div>{text.studio.obs.reencoded}</div> : null}
    </Notice>
  );
}

function Figures({ health }: { health: IngestHealth }) {
  const figures: readonly [string, string | undefined][] = [
    [text.studio.obs.resolution, health.widthPx && health.heightPx ? `${health.widthPx} × ${health.heightPx}` : undefined],
    [text.studio.obs.frameRate, health.frameRate === null ? undefined : text.studio.obs.framesPerSecond(formatNumber(health.frameRate))],
    [text.studio.obs.videoBitrate, health.videoBitrateBps === null ? undefined : formatBitrate(health.videoBitrateBps)],
    [text.studio.obs.audioBitrate, health.audioBitrateBps === null ? undefined : formatBitrate(health.audioBitrateBps)],
    [text.studio.obs.keyframes, health.keyframeIntervalSeconds === null ? undefined : text.studio.obs.every(formatNumber(health.keyframeIntervalSeconds))],
    [text.studio.obs.bFrames, health.hasBFrames === null ? undefined : health.hasBFrames ? text.studio.obs.yes : text.studio.obs.no],
  ];
  return (
    <dl class="health__figures tabular">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value ?? text.studio.obs.unknown}</dd>
        </div>
      ))}
    </dl>
  );
}
