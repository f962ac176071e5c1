/* LAPACK of OpenBLAS, whose Debian build has no C interface to it: the Fortran symbols, and wrappers that take numbers by
 * value and ask for their own workspace. Matrices are column after column; every wrapper returns LAPACK's info, or
 * OCL_NO_MEMORY. Nothing is global. */
#ifndef OFFPRINT_CLAPACK_H
#define OFFPRINT_CLAPACK_H

#include <stdlib.h>

#define OCL_NO_MEMORY (-1000)

void dgemm_(const char *ta, const char *tb, const int *m, const int *n, const int *k, const double *alpha, const double *a,
            const int *lda, const double *b, const int *ldb, const double *beta, double *c, const int *ldc);
void dgemv_(const char *t, const int *m, const int *n, const double *alpha, const double *a, const int *lda, const double *x,
            const int *incx, const double *beta, double *y, const int *incy);
double dasum_(const int *n, const double *x, const int *incx);
void dgetrf_(const int *m, const int *n, double *a, const int *lda, int *pivots, int *info);
void dgetrs_(const char *t, const int *n, const int *nrhs, const double *a, const int *lda, const int *pivots, double *b,
             const int *ldb, int *info);
void dgecon_(const char *norm, const int *n, const double *a, const int *lda, const double *anorm, double *rcond,
             double *work, int *iwork, int *info);
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info);
void dpotrs_(const char *uplo, const int *n, const int *nrhs, const double *a, const int *lda, double *b, const int *ldb,
             int *info);
void dtrtrs_(const char *uplo, const char *t, const char *diag, const int *n, const int *nrhs, const double *a,
             const int *lda, double *b, const int *ldb, int *info);
void dgelqf_(const int *m, const int *n, double *a, const int *lda, double *tau, double *work, const int *lwork, int *info);
void dorglq_(const int *m, const int *n, const int *k, double *a, const int *lda, const double *tau, double *work,
             const int *lwork, int *info);
void dgesdd_(const char *job, const int *m, const int *n, double *a, const int *lda, double *s, double *u, const int *ldu,
             double *vt, const int *ldvt, double *work, const int *lwork, int *iwork, int *info);
void dsyevd_(const char *job, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work,
             const int *lwork, int *iwork, const int *liwork, int *info);
void dgeev_(const char *jobl, const char *jobr, const int *n, double *a, const int *lda, double *wr, double *wi, double *vl,
            const int *ldvl, double *vr, const int *ldvr, double *work, const int *lwork, int *info);
void dgelsd_(const int *m, const int *n, const int *nrhs, double *a, const int *lda, double *b, const int *ldb, double *s,
             const double *rcond, int *rank, double *work, const int *lwork, int *iwork, int *info);

/* Largest sum of absolute values of m rows of n neighbouring entries; not finite where an entry is not. */
static inline double ocl_largest_row_sum(int m, int n, const double *a) {
  const int one = 1;
  double largest = 0;
  for (int i = 0; i < m; i++) {
    const double sum = dasum_(&n, a + (size_t)i * n, &one);
    if (!(sum <= largest)) largest = sum;
    if (largest != largest) break;
  }
  return largest;
}

/* c[m, n] = op(a) op(b), k terms each; one row is a matrix times a vector, which reads b once where dgemm would copy it. */
static inline void ocl_gemm(char ta, char tb, int m, int n, int k, const double *a, int lda, const double *b, int ldb,
                            double *c, int ldc) {
  const double one = 1, zero = 0;
  if (m == 1) {
    const int flips = tb == 'N', rows = flips ? k : n, columns = flips ? n : k, stride = ta == 'N' ? lda : 1;
    dgemv_(flips ? "T" : "N", &rows, &columns, &one, b, &ldb, a, &stride, &zero, c, &ldc);
    return;
  }
  dgemm_(&ta, &tb, &m, &n, &k, &one, a, &lda, b, &ldb, &zero, c, &ldc);
}

/* LU factors of a[n, n] in place, and an estimate of 1 / condition in the 1-norm, whose value for a is anorm. */
static inline int ocl_getrf(int n, double *a, int *pivots, double anorm, double *rcond) {
  int info = 0;
  dgetrf_(&n, &n, a, &n, pivots, &info);
  if (info != 0) return info;
  double *work = (double *)malloc((size_t)n * 4 * sizeof(double));
  int *iwork = (int *)malloc((size_t)n * sizeof(int));
  if (work && iwork) dgecon_("1", &n, a, &n, &anorm, rcond, work, iwork, &info);
  else info = OCL_NO_MEMORY;
  free(work);
  free(iwork);
  return info;
}

static inline int ocl_getrs(char t, int n, int nrhs, const double *a, const int *pivots, double *b) {
  int info = 0;
  dgetrs_(&t, &n, &nrhs, a, &n, pivots, b, &n, &info);
  return info;
}

static inline int ocl_potrf(char uplo, int n, double *a) {
  int info = 0;
  dpotrf_(&uplo, &n, a, &n, &info);
  return info;
}

static inline int ocl_potrs(char uplo, int n, int nrhs, const double *a, double *b) {
  int info = 0;
  dpotrs_(&uplo, &n, &nrhs, a, &n, b, &n, &info);
  return info;
}

static inline int ocl_trtrs(char uplo, char t, int n, int nrhs, const double *a, double *b) {
  int info = 0;
  dtrtrs_(&uplo, &t, "N", &n, &nrhs, a, &n, b, &n, &info);
  return info;
}

/* a[m, n] = L Q: the factor L stays in the lower triangle of a; q[k, n] with leading dimension m, k = min(m, n). */
static inline int ocl_lq(int m, int n, double *a, double *q) {
  const int k = m < n ? m : n;
  int info = 0, lwork = 64 * (m + n);
  double *work = (double *)malloc((size_t)lwork * sizeof(double));
  double *tau = (double *)malloc((size_t)k * sizeof(double));
  if (work && tau) {
    dgelqf_(&m, &n, a, &m, tau, work, &lwork, &info);
    for (size_t i = 0; i < (size_t)m * (size_t)n; i++) q[i] = a[i];
    if (info == 0) dorglq_(&k, &n, &k, q, &m, tau, work, &lwork, &info);
  } else {
    info = OCL_NO_MEMORY;
  }
  free(work);
  free(tau);
  return info;
}

/* Thin singular value decomposition of a[m, n], destroyed: u[m, k], s[k], vt[k, n], k = min(m, n). */
static inline int ocl_gesdd(int m, int n, double *a, double *s, double *u, double *vt) {
  const int k = m < n ? m : n;
  int info = 0, lwork = -1;
  int *iwork = (int *)malloc((size_t)k * 8 * sizeof(int));
  double size = 0;
  if (!iwork) return OCL_NO_MEMORY;
  dgesdd_("S", &m, &n, a, &m, s, u, &m, vt, &k, &size, &lwork, iwork, &info);
  lwork = (int)size;
  double *work = info == 0 ? (double *)malloc((size_t)lwork * sizeof(double)) : NULL;
  if (work) dgesdd_("S", &m, &n, a, &m, s, u, &m, vt, &k, work, &lwork, iwork, &info);
  else if (info == 0) info = OCL_NO_MEMORY;
  free(work);
  free(iwork);
  return info;
}

/* Eigenvalues w[n] in rising order of the symmetric a[n, n], and its vectors in a, one a column. */
static inline int ocl_syevd(int n, double *a, double *w) {
  int info = 0, lwork = -1, liwork = -1, isize = 0;
  double size = 0;
  dsyevd_("V", "L", &n, a, &n, w, &size, &lwork, &isize, &liwork, &info);
  if (info != 0) return info;
  lwork = (int)size;
  liwork = isize;
  double *work = (double *)malloc((size_t)lwork * sizeof(double));
  int *iwork = (int *)malloc((size_t)liwork * sizeof(int));
  if (work && iwork) dsyevd_("V", "L", &n, a, &n, w, work, &lwork, iwork, &liwork, &info);
  else info = OCL_NO_MEMORY;
  free(work);
  free(iwork);
  return info;
}

/* Eigenvalues wr + i wi of a[n, n], destroyed, and right vectors v[n, n]: a conjugate pair shares two columns. */
static inline int ocl_geev(int n, double *a, double *wr, double *wi, double *v) {
  int info = 0, lwork = 34 * n, one = 1;
  double none = 0;
  double *work = (double *)malloc((size_t)lwork * sizeof(double));
  if (!work) return OCL_NO_MEMORY;
  dgeev_("N", "V", &n, a, &n, wr, wi, &none, &one, v, &n, work, &lwork, &info);
  free(work);
  return info;
}

/* Least squares of smallest norm; b has max(m, n) rows; s[min(m, n)] singular values. */
static inline int ocl_gelsd(int m, int n, int nrhs, double *a, double *b, double *s, double rcond, int *rank) {
  const int ldb = m > n ? m : n;
  int info = 0, lwork = -1, isize = 0;
  double size = 0;
  dgelsd_(&m, &n, &nrhs, a, &m, b, &ldb, s, &rcond, rank, &size, &lwork, &isize, &info);
  if (info != 0) return info;
  lwork = (int)size;
  double *work = (double *)malloc((size_t)lwork * sizeof(double));
  int *iwork = (int *)malloc((size_t)(isize > 0 ? isize : 1) * sizeof(int));
  if (work && iwork) dgelsd_(&m, &n, &nrhs, a, &m, b, &ldb, s, &rcond, rank, work, &lwork, iwork, &info);
  else info = OCL_NO_MEMORY;
  free(work);
  free(iwork);
  return info;
}

#endif
