import { Upload } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { Button } from '../design/index.ts';
import { text } from '../text/index.ts';
import { RosterDialog } from './RosterDialog.tsx';

/** Adds a whole class from a list. */
export function UploadSection({ courseId, onApplied }: { courseId: string; onApplied: () => void }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <section class="section">
      <h2>{text.enrolment.uploadTitle}</h2>
      <p class="small quiet">{text.enrolment.uploadIntro}</p>
      <div class="row">
        <Button onClick={() => setOpen(true)}>
          <Upload aria-hidden="true" size={20} />
          {text.enrolment.uploadOpen}
        </Button>
      </div>
      {isOpen ? <RosterDialog courseId={courseId} onApplied={onApplied} onClose={() => setOpen(false)} /> : null}
    </section>
  );
}
