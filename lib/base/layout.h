/* The two layouts of one source: for speed, or for size. -Os and -Oz choose the small one;
 * -DSIP_OPTIMIZE_SIZE=0 or =1 chooses in their place. From outside nobody can tell which it is. */
#ifndef SIP_BASE_LAYOUT_H
#define SIP_BASE_LAYOUT_H

#ifndef SIP_OPTIMIZE_SIZE
#ifdef __OPTIMIZE_SIZE__
#define SIP_OPTIMIZE_SIZE 1
#else
#define SIP_OPTIMIZE_SIZE 0
#endif
#endif

#endif
