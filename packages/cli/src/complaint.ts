/** Why a command ends early: lines for people, and the exit code. */
export class Complaint extends Error {
  readonly exitCode: number;
  readonly lines: readonly string[];

  constructor(exitCode: number, ...lines: string[]) {
    super(lines.join('\n'));
    this.name = 'Complaint';
    this.exitCode = exitCode;
    this.lines = lines;
  }
}
