import { X } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { maxTagLength, maxTags, normalisedTag } from '#api/contract';
import { TextField } from '../../design/index.ts';
import { text } from '../../text/index.ts';
import '../list/list.css';
import './settings.css';

interface TagFieldProps {
  tags: readonly string[];
  error: string | undefined;
  onTags: (tags: string[]) => void;
}

/** Tags, each with a button that removes it. Enter, a comma and leaving the field add what is typed; Backspace takes back the last one. */
export function TagField({ tags, error, onTags }: TagFieldProps) {
  const [typed, setTyped] = useState('');
  const isFull = tags.length >= maxTags;
  const add = (words: string) => {
    const added = words.split(',').map(normalisedTag).filter((tag) => tag !== '');
    setTyped('');
    if (added.length > 0) onTags([...new Set([...tags, ...added])].slice(0, maxTags));
  };
  return (
    <div class="tag-field">
      {tags.map((tag) => (
        <button key={tag} type="button" class="tag tag--chosen" dir="auto" aria-label={text.courses.removeTag(tag)} onClick={() => onTags(tags.filter((one) => one !== tag))}>
          {tag}
          <X aria-hidden="true" size={16} />
        </button>
      ))}
      <div class="tag-field__input">
        <TextField
          label={text.courses.addTag}
          hint={isFull ? text.courses.tooManyTags(maxTags) : text.courses.tagsHint}
          error={error}
          value={typed}
          maxLength={maxTagLength}
          disabled={isFull}
          onValue={(value) => (value.includes(',') ? add(value) : setTyped(value))}
          onBlur={() => add(typed)}
          onKeyDown={(event) => {
            if (event.key === 'Backspace' && typed === '' && tags.length > 0) onTags(tags.slice(0, -1));
            if (event.key !== 'Enter' || typed === '') return;
            event.preventDefault();
            add(typed);
          }}
        />
      </div>
    </div>
  );
}
