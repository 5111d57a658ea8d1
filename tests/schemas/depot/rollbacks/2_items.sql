drop view depot.stock;
drop table depot.movements;
drop table depot.items;
