import type { LectureId } from '#engine/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { api } from '../app/services.ts';
import { useLoaded, usePolling } from '../app/useLoaded.ts';
import { Skeleton } from '../design/index.ts';
import { LinePlot } from '../plots/LinePlot.tsx';
import { formatBitrate, formatNumber } from '../text/format.ts';
import { text } from '../text/index.ts';

const refreshMs = 10_000;

/** The audience and the bitrates of a live lecture since it began. */
export function LivePlot({ lectureId }: { lectureId: LectureId }) {
  const { data, error, reload } = useLoaded((signal) => api.listLiveSamples({ params: { lectureId } }, { signal }), [lectureId]);
  usePolling(reload, refreshMs);
  if (error && !data) return <LoadFailure error={error} onRetry={reload} />;
  if (!data) return <Skeleton height="22rem" />;
  const { people, inBps, outBps } = text.administration.live;
  const timesMs = data.samples.map(({ atMs }) => atMs);
  return (
    <div class="stack">
      <LinePlot label={people} timesMs={timesMs} series={[{ label: people, color: '--color-accent', values: data.samples.map((sample) => sample.people), format: (value) => formatNumber(value, 0) }]} />
      <LinePlot
        label={text.administration.live.overTime}
        timesMs={timesMs}
        series={[
          { label: outBps, color: '--color-accent', values: data.samples.map(({ sentBps }) => sentBps), format: formatBitrate },
          { label: inBps, color: '--color-warning-text', values: data.samples.map(({ receivedBps }) => receivedBps), format: formatBitrate },
        ]}
      />
    </div>
  );
}
