import type { Journal } from '../../src/flash/journal.ts';
import { appendProof, formatJournal, type JournalContent, parseJournal } from '../../src/flash/journal-text.ts';

/** A journal that outlives a job and not the test. */
export class MemoryJournal implements Journal {
  text: string | undefined;

  begin: Journal['begin'] = (head, proofs) => {
    this.text = formatJournal({ head, proofs });
  };

  proven: Journal['proven'] = (proof) => {
    this.text = appendProof(this.text ?? '', proof);
  };

  discard: Journal['discard'] = () => {
    this.text = undefined;
  };

  get content(): JournalContent {
    return parseJournal(this.text ?? '');
  }

  /** Ids of what was proven. */
  get ids(): readonly number[] {
    return this.text === undefined ? [] : this.content.proofs.map(({ id }) => id);
  }
}
