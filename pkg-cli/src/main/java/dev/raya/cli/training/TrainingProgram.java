package dev.raya.cli.training;

/**
 * A program of some thousand lines that uses the language as programs do, so that the JVM learns
 * which of the compiler's methods are hot.
 */
final class TrainingProgram {
  /** What stands for the number of a part. */
  private static final String NUMBER = "§";

  private static final String PART =
      """
      /** A shape with §. */
      interface Shape§ { readonly name: string; readonly sides: int; area?: number; }
      type Outcome§ = { kind: "ok"; value: number } | { kind: "failed"; reason: string; code: int };
      type Level§ = "low" | "middle" | "high";

      abstract class Account§ {
        private static opened: int = 0;
        protected history: number[] = [];
        constructor(readonly owner: string, private balance: number = 0) { Account§.opened += 1; }
        get total(): number { return this.balance; }
        deposit(amount: number): void {
          this.balance += amount;
          this.history.push(amount);
        }
        abstract describe(): string;
        static count(): int { return Account§.opened; }
      }

      class Savings§ extends Account§ {
        constructor(owner: string, readonly rate: number) { super(owner, 100); }
        describe(): string { return `${this.owner} has ${this.total} at ${this.rate}`; }
        override deposit(amount: number): void {
          if (amount < 0 || amount > 1000000) { throw new Error("amount " + amount); }
          super.deposit(amount);
        }
      }

      class Box§<T> {
        constructor(private value: T) {}
        get(): T { return this.value; }
        map<U>(f: (value: T) => U): Box§<U> { return new Box§<U>(f(this.value)); }
      }

      function first§<T>(items: readonly T[], wanted: (item: T) => boolean): T | null {
        for (const item of items) {
          if (wanted(item)) { return item; }
        }
        return null;
      }

      function check§(shape: Shape§, limit: int): Outcome§ {
        if (shape.sides > limit) {
          return { kind: "failed", reason: `${shape.name} has ${shape.sides}`, code: shape.sides - limit };
        }
        const twice = (n: number): number => n * 2;
        const area = shape.area ?? 1;
        return { kind: "ok", value: twice(area) + limit };
      }

      function level§(n: int): Level§ {
        switch (n % 3) {
          case 0: return "low";
          case 1: return "middle";
          default: return "high";
        }
      }

      function words§(text: string): Map<string, int> {
        const counts = new Map<string, int>();
        for (const word of text.split(" ")) {
          const known = counts.get(word);
          counts.set(word, known === null ? 1 : known + 1);
        }
        return counts;
      }

      function matrix§(size: int): number[][] {
        const rows: number[][] = [];
        for (let i = 0; i < size; i++) {
          const row: number[] = [];
          let sum = 0;
          for (let j = 0; j < size; j++) {
            sum += i * j;
            row.push(i === j ? 1.5 : sum);
          }
          rows.push(row);
        }
        let k = size;
        while (k > 0 && rows.length > 0) {
          k -= 1;
          if (k === 2) { continue; }
          rows[k][0] = -rows[k][0];
        }
        return rows;
      }

      async function later§(n: int): Task<int> {
        return n + 1;
      }

      async function sum§(n: int): Task<int> {
        const one = later§(n);
        const two = await later§(n + 1);
        return (await one) + two;
      }

      function run§(): number {
        const account = new Savings§("a", 0.5);
        account.deposit(12);
        account.deposit(30);
        const outcome = check§({ name: account.describe(), sides: 3 }, 9);
        const numbers = [3, 1, 2].map((n) => n * 2).filter((n) => n > 2);
        const [head, ...rest] = numbers;
        const found = first§(numbers, (n) => n > 4);
        const boxed = new Box§<int>(numbers.length).map((n) => `${n}`);
        let result = 0.0;
        try {
          result = outcome.kind === "ok" ? outcome.value : outcome.reason.length + outcome.code;
          result += head + rest.length + (found ?? 0) + boxed.get().length;
        } catch (e) {
          console.log(e.message);
        } finally {
          result += matrix§(4)[1][1];
        }
        const size = words§("a b a").size;
        const step = (): void => { result += size; };
        step();
        return level§(size) === "low" ? result : -result;
      }

      """;

  private TrainingProgram() {}

  /** A module of some number of parts, without a main function. */
  static String text(int parts) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < parts; i++) {
      text.append(PART.replace(NUMBER, Integer.toString(i)));
    }
    return text.toString();
  }
}
