-- Which TUF roots the log holds is asked at each start; the log may have millions of records.
create index log_leaf_root on log_leaf (seq) where type = 'root';
