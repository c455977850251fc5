/*
 * Times libsolv on lowered problems (see LoweredProblem.java for the format): one solvable for each
 * version, the version's rank as its evr, a job that installs the root. Prints for each file
 *
 *   name sat|unsat medianMillis firstMillis
 *
 * where the time is CPU time of creating the solver and solving; reading is not part of it.
 *
 *   cc -O2 -o libsolv libsolv.c -lsolv && ./libsolv REPETITIONS FILE...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <solv/pool.h>
#include <solv/poolarch.h>
#include <solv/repo.h>
#include <solv/solver.h>

#define MOST_REPETITIONS 1000

static double cpuMillis(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static Id name(Pool *pool, long package) {
  char text[32];
  snprintf(text, sizeof text, "p%ld", package);
  return pool_str2id(pool, text, 1);
}

static Id evr(Pool *pool, long rank) {
  char text[32];
  snprintf(text, sizeof text, "%ld", rank);
  return pool_str2id(pool, text, 1);
}

static Id interval(Pool *pool, Id target, long low, long high) {
  if (low == high)
    return pool_rel2id(pool, target, evr(pool, low), REL_EQ, 1);
  Id from = pool_rel2id(pool, target, evr(pool, low), REL_GT | REL_EQ, 1);
  Id to = pool_rel2id(pool, target, evr(pool, high), REL_LT | REL_EQ, 1);
  return pool_rel2id(pool, from, to, REL_WITH, 1);
}

/* A range is "low-high,low-high" or "none". */
static Id range(Pool *pool, long target, char *text) {
  Id package = name(pool, target);
  Id all = 0;
  if (strcmp(text, "none") == 0)
    return pool_str2id(pool, "nothing", 1);
  for (char *part = strtok(text, ","); part; part = strtok(NULL, ",")) {
    long low, high;
    if (sscanf(part, "%ld-%ld", &low, &high) != 2)
      exit(2);
    Id one = interval(pool, package, low, high);
    all = all ? pool_rel2id(pool, all, one, REL_OR, 1) : one;
  }
  return all;
}

static void run(const char *file, int repetitions) {
  FILE *in = fopen(file, "r");
  if (!in) {
    perror(file);
    exit(2);
  }
  Pool *pool = pool_create();
  pool_setdisttype(pool, DISTTYPE_RPM);
  Repo *repo = repo_create(pool, "problem");
  char *line = NULL;
  size_t room = 0;
  long package = -1;
  Id first = 0;
  while (getline(&line, &room, in) > 0) {
    line[strcspn(line, "\n")] = 0;
    if (line[0] == 'p') {
      long count;
      if (sscanf(line, "p %ld %ld", &package, &count) != 2)
        exit(2);
      for (long rank = 0; rank < count; rank++) {
        Id id = repo_add_solvable(repo);
        Solvable *s = pool_id2solvable(pool, id);
        first = rank ? first : id;
        s->name = name(pool, package);
        s->evr = evr(pool, rank);
        s->arch = ARCH_NOARCH;
        s->provides = repo_addid_dep(repo, s->provides, pool_rel2id(pool, s->name, s->evr, REL_EQ, 1), 0);
      }
    } else if (line[0] == 'd') {
      long rank, target;
      int at;
      if (sscanf(line, "d %ld %ld %n", &rank, &target, &at) != 2)
        exit(2);
      Id need = range(pool, target, line + at);
      Solvable *s = pool_id2solvable(pool, first + rank);
      s->requires = repo_addid_dep(repo, s->requires, need, 0);
    }
  }
  free(line);
  fclose(in);
  pool_addfileprovides(pool);
  pool_createwhatprovides(pool);
  double times[MOST_REPETITIONS];
  int problems = 0;
  for (int i = 0; i < repetitions; i++) {
    Queue job;
    queue_init(&job);
    queue_push2(&job, SOLVER_SOLVABLE_NAME | SOLVER_INSTALL, name(pool, 0));
    double start = cpuMillis();
    Solver *solver = solver_create(pool);
    problems = solver_solve(solver, &job);
    times[i] = cpuMillis() - start;
    solver_free(solver);
    queue_free(&job);
  }
  double once = times[0];
  qsort(times, repetitions, sizeof times[0], ascending);
  const char *slash = strrchr(file, '/');
  const char *base = slash ? slash + 1 : file;
  printf("%.*s %s %.2f %.2f\n", (int)strcspn(base, "\n") - (int)strlen(".low"), base,
         problems ? "unsat" : "sat", times[repetitions / 2], once);
  fflush(stdout);
  pool_free(pool);
}

int main(int count, char **arguments) {
  int repetitions = count > 1 ? atoi(arguments[1]) : 0;
  if (repetitions < 1 || repetitions > MOST_REPETITIONS)
    return 2;
  for (int i = 2; i < count; i++)
    run(arguments[i], repetitions);
  return 0;
}
