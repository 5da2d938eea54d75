package io.farandole.shop.payment.transfer.bank;

import com.arjuna.ats.internal.jta.resources.arjunacore.XAResourceRecord;
import com.arjuna.ats.internal.jta.resources.arjunacore.XAResourceRecordWrappingPlugin;
import javax.transaction.xa.XAResource;

/**
 * Has the log remember each branch's bank. So a branch that is not at its bank any more is known to be committed once that bank has
 * been asked, and only then; and no Java object is serialised into the log. Narayana makes it, by its name.
 */
public final class NamedRecords implements XAResourceRecordWrappingPlugin {

    @Override
    public void transcribeWrapperData(XAResourceRecord record) {
        if (record.value() instanceof XaBranch branch) {
            record.setProductName(branch.getProductName());
            record.setProductVersion(branch.getProductVersion());
            record.setJndiName(branch.getJndiName());
        }
    }

    @Override
    public Integer getEISName(XAResource resource) {
        return 0;
    }

    @Override
    public String getEISName(Integer name) {
        return "unknown";
    }
}
