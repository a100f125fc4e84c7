import { maxDescriptionLength } from '#api/contract';
import { Tabs, TextArea } from '../../design/index.ts';
import { Markdown } from '../../markdown/Markdown.tsx';
import { text } from '../../text/index.ts';
import './settings.css';

interface DescriptionFieldProps {
  value: string;
  error: string | undefined;
  onValue: (value: string) => void;
}

/** A text in Markdown, with a view of what it becomes. */
export function DescriptionField({ value, error, onValue }: DescriptionFieldProps) {
  const area = (
    <TextArea label={text.courses.description} hint={text.courses.descriptionHint} rows={10} maxLength={maxDescriptionLength} value={value} error={error} onValue={onValue} />
  );
  const preview = <div class="description__preview">{value.trim() === '' ? <p class="quiet">{text.courses.noDescription}</p> : <Markdown>{value}</Markdown>}</div>;
  return (
    <Tabs
      class="description"
      label={text.courses.descriptionModes}
      tabs={[
        { key: 'write', label: text.courses.write, panel: area },
        { key: 'preview', label: text.courses.preview, panel: preview },
      ]}
    />
  );
}
