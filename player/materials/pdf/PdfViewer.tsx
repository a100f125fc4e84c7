import { FileWarning } from 'lucide-preact';
import { useEffect, useState } from 'preact/hooks';
import type { Material } from '#api/contract';
import { Button, EmptyState, Loading, Notice } from '../../design/index.ts';
import { text } from '../../text/index.ts';
import { addressOf } from '../openFile.ts';
import { openPdf } from './openPdf.ts';
import type { OpenedPdf } from './openPdf.ts';
import type { PageSize } from './PdfPage.tsx';
import { PdfPages } from './PdfPages.tsx';
import { maxShownPdfBytes, pdfProblemOf } from './PdfProblem.ts';
import type { PdfProblem } from './PdfProblem.ts';
import './pdf.css';

type State = { kind: 'loading' } | { kind: 'shown'; pdf: OpenedPdf; firstPage: PageSize } | { kind: 'failed'; problem: PdfProblem };

/** Shows a PDF in the page; where it cannot be shown, says why. Downloading it is offered beside it. */
export default function PdfViewer({ material }: { material: Material }) {
  const [state, setState] = useState<State>({ kind: 'loading' });
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    if ((material.file?.bytes ?? 0) > maxShownPdfBytes) {
      setState({ kind: 'failed', problem: 'tooLarge' });
      return;
    }
    const closing = new AbortController();
    setState({ kind: 'loading' });
    open(material, closing.signal).then(
      (shown) => (closing.signal.aborted ? undefined : setState(shown)),
      (error: unknown) => (closing.signal.aborted ? undefined : setState({ kind: 'failed', problem: pdfProblemOf(error) })),
    );
    return () => closing.abort();
  }, [material.id, material.revision, attempt]);

  if (state.kind === 'loading') return <Loading label={text.materials.pdf.opening} />;
  if (state.kind === 'failed') {
    const { title, hint } = text.materials.pdf.problems[state.problem];
    const again = state.problem === 'unreachable' ? <Button onClick={() => setAttempt(attempt + 1)}>{text.actions.tryAgain}</Button> : undefined;
    return (
      <EmptyState isCentred icon={<FileWarning aria-hidden="true" />} title={title} action={again}>
        {hint}
      </EmptyState>
    );
  }
  return (
    <>
      {state.pdf.hasScripts ? <Notice>{text.materials.pdf.scripts}</Notice> : null}
      <PdfPages document={state.pdf.document} firstPage={state.firstPage} />
    </>
  );
}

async function open(material: Material, aborted: AbortSignal): Promise<State> {
  const pdf = await openPdf(await addressOf(material, false), aborted);
  const { width, height } = (await pdf.document.getPage(1)).getViewport({ scale: 1 });
  return { kind: 'shown', pdf, firstPage: { widthPx: width, heightPx: height } };
}
