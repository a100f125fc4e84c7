import { useEffect, useState } from 'preact/hooks';
import type { IngestHealth } from '#engine/contract';
import { Button, Notice } from '../design/index.ts';
import type { Tone } from '../design/index.ts';
import { formatBitrate, formatNumber } from '../text/format.ts';
import { text, translated } from '../text/index.ts';
import { keptSamples, withSample } from './healthHistory.ts';
import type { HealthSample } from './healthHistory.ts';
import { Sparkline } from './Sparkline.tsx';

const tones: Record<IngestHealth['state'], Tone> = { connecting: 'normal', running: 'good', refused: 'danger', gone: 'warning' };

/** The state of the encoder's stream: a summary, measurements with the last minute, and advice. */
export function IngestHealthView({ health }: { health: IngestHealth | null }) {
  const samples = useSamples(health);
  if (!health) return <Notice>{text.studio.obs.waiting}</Notice>;
  return (
    <section class="health" aria-label={text.studio.obs.health}>
      <HealthSummary health={health} />
      {health.state === 'running' ? <Figures health={health} samples={samples} /> : null}
      {health.advice.length > 0 ? <Advice advice={health.advice.map((advice) => translated(advice) ?? advice)} /> : null}
    </section>
  );
}

/** The state arrives once a second. */
function useSamples(health: IngestHealth | null): readonly HealthSample[] {
  const [samples, setSamples] = useState<readonly HealthSample[]>([]);
  useEffect(() => setSamples((earlier) => withSample(earlier, health)), [health]);
  return samples;
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

/** Two lines, and the rest on demand. */
function Advice({ advice }: { advice: readonly string[] }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <div class="stack-tight">
      <h3>{text.studio.obs.adviceTitle}</h3>
      <ul class={`health__advice ${isOpen ? '' : 'health__advice--folded'}`}>
        {advice.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
      <Button variant="quiet" class="health__more" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? text.studio.obs.adviceLess : text.studio.obs.adviceMore}
      </Button>
    </div>
  );
}

function Figures({ health, samples }: { health: IngestHealth; samples: readonly HealthSample[] }) {
  const { obs } = text.studio;
  const latest = samples.at(-1);
  const dropped = samples.reduce((sum, sample) => sum + sample.dropped, 0);
  const figures: readonly [string, string | undefined][] = [
    [obs.resolution, health.widthPx && health.heightPx ? `${health.widthPx} × ${health.heightPx}` : undefined],
    [obs.frameRate, health.frameRate === null ? undefined : obs.framesPerSecond(formatNumber(health.frameRate))],
    [obs.audioBitrate, health.audioBitrateBps === null ? undefined : formatBitrate(health.audioBitrateBps)],
    [obs.keyframes, health.keyframeIntervalSeconds === null ? undefined : obs.every(formatNumber(health.keyframeIntervalSeconds))],
    [obs.bFrames, health.hasBFrames === null ? undefined : health.hasBFrames ? obs.yes : obs.no],
  ];
  const bitrate = formatBitrate(latest?.bitrateBps ?? 0);
  return (
    <>
      <dl class="health__plots tabular">
        <PlottedFigure name={obs.bitrate} value={bitrate} values={samples.map(({ bitrateBps }) => bitrateBps)} label={obs.bitratePlot(bitrate)} />
        <PlottedFigure name={obs.droppedFrames} value={obs.framesLastMinute(dropped)} values={samples.map((sample) => sample.dropped)} label={obs.droppedPlot(obs.framesLastMinute(dropped))} isWarning={dropped > 0} />
      </dl>
      <dl class="health__figures tabular">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value ?? obs.unknown}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

interface PlottedFigureProps {
  name: string;
  value: string;
  values: readonly number[];
  label: string;
  isWarning?: boolean;
}

function PlottedFigure({ name, value, values, label, isWarning = false }: PlottedFigureProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class={isWarning ? 'health__bad' : ''}>{value}</dd>
      <dd>
        <Sparkline label={label} values={values} length={keptSamples} tone={isWarning ? 'warning' : 'normal'} />
      </dd>
    </div>
  );
}
