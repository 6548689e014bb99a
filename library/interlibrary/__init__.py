"""相互貸借: copies that other libraries lend to this one."""
